using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(X W + b)</c> with packed weights.</summary>
internal sealed class AffineStep(PackedMatrix weights, AlignedBuffer biases, Activation activation) : ScoringStep(weights.Rows, weights.Columns)
{
    /// <summary>W [inputs, outputs].</summary>
    public PackedMatrix Weights => weights;

    /// <summary>b [outputs].</summary>
    public ReadOnlySpan<float> Biases => biases.Span;

    /// <summary>f.</summary>
    public Activation Activation => activation;

    public override bool TakesSparse => true;

    public override double LargestOutput(double input) => activation.LargestOutput(
        input * weights.Rows * weights.LargestMagnitude + Math.Abs(TensorPrimitives.MaxMagnitude(Biases)));

    private BiasAndActivation Epilogue => new(activation, OutputSize, biases, 0);

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output) =>
        MatMul.Multiply(input, weights, output, Epilogue);

    public override void Apply(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, Span<float> output) =>
        SparseMatMul.Multiply(indices, values, weights, output, Epilogue);
}
