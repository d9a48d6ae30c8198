using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Gives every row the length 1: <c>Y = X / sqrt(X X + epsilon)</c>; the other half of <see cref="CosineNormalization"/>. A row of zeros
/// stays.
/// </summary>
/// <remarks>Backward, with D = dL/dY and the length of the row: <c>dL/dX = (D - Y (Y D)) / length</c>.</remarks>
internal sealed class UnitLengthLayer : Layer
{
    private readonly float _epsilon;
    private readonly float[] _inverseLength;

    /// <param name="size">The number of columns.</param>
    /// <param name="epsilon">Greater than 0.</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public UnitLengthLayer(int size, float epsilon, int maximumRows)
        : base(size, size)
    {
        _epsilon = epsilon;
        _inverseLength = new float[maximumRows];
    }

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            _inverseLength[i] = UnitLengthStep.Normalize(input.Row(i), _epsilon, output.Row(i));
        }
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        for (int i = 0; i < inputGradient.Rows; i++)
        {
            Span<float> result = inputGradient.Row(i);
            TensorPrimitives.Multiply(output.Row(i), outputGradient.Row(i), result);
            float along = (float)OrderedSum.Of(result);
            TensorPrimitives.MultiplyAdd(output.Row(i), -along, outputGradient.Row(i), result);
            TensorPrimitives.Multiply(result, _inverseLength[i], result);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.Add(_ => new UnitLengthStep(InputSize, _epsilon));
}
