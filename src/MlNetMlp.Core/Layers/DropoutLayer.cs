using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Inverted dropout: <c>y = m x</c>, where each m is 0 with probability p, else <c>1 / (1 - p)</c>, drawn anew for every row, so
/// that the expectation of y is x and scoring needs no change.
/// </summary>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.</remarks>
internal sealed class DropoutLayer : Layer
{
    private readonly UnitDropout _dropout;
    private readonly AlignedBuffer _mask;

    /// <param name="part">The part of the network whose outputs are dropped.</param>
    /// <param name="size">The number of units.</param>
    /// <param name="dropProbability">p, in (0, 1).</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public DropoutLayer(NetworkPart part, int size, float dropProbability, int maximumRows)
        : base(size, size)
    {
        _dropout = new UnitDropout(part, 1 - dropProbability);
        _mask = new AlignedBuffer(checked(maximumRows * size));
    }

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        if (pass.Mode != PassMode.Training)
        {
            input.Values.CopyTo(output.Values);
            return;
        }

        Multiply(input.Values, output.Values, _dropout.Random(pass.Random), pass);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (inputGradient.Rows == 0)
        {
            return;
        }

        if (pass.Mode != PassMode.Training)
        {
            outputGradient.Values.CopyTo(inputGradient.Values);
            return;
        }

        Multiply(outputGradient.Values, inputGradient.Values, null, pass);
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.AddDropout(_dropout);

    private unsafe void Multiply(ReadOnlySpan<float> values, Span<float> result, SeededRandom? random, in Pass pass)
    {
        fixed (float* source = values, target = result)
        {
            new DropoutProduct(source, _mask.Pointer, target, values.Length, random, _dropout.KeptAt(pass.DropoutFactor)).Run(pass.Team);
        }
    }
}
