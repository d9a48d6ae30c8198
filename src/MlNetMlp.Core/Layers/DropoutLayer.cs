using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Inverted dropout: <c>y = m x</c>, where each m is 0 with probability p, else <c>1 / (1 - p)</c>, drawn anew for every row, so
/// that the expectation of y is x and scoring needs no change.
/// </summary>
/// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.</remarks>
internal sealed class DropoutLayer : Layer
{
    private readonly int _number;
    private readonly float _keepProbability;
    private readonly AlignedBuffer _mask;

    /// <param name="number">The layer's place in the network: part of the address of its chance.</param>
    /// <param name="size">The number of units.</param>
    /// <param name="dropProbability">p, in (0, 1).</param>
    /// <param name="maximumRows">The largest block of rows.</param>
    public DropoutLayer(int number, int size, float dropProbability, int maximumRows)
        : base(size, size)
    {
        _number = number;
        _keepProbability = 1 - dropProbability;
        _mask = new AlignedBuffer(checked(maximumRows * size));
    }

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        if (pass.Mode != PassMode.Training)
        {
            input.Values.CopyTo(output.Values);
            return;
        }

        Multiply(input.Values, output.Values, pass.Random.At(_number), pass.Team);
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

        Multiply(outputGradient.Values, inputGradient.Values, null, pass.Team);
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters) => plan.AddDropout(new UnitDropout(_number, _keepProbability));

    private unsafe void Multiply(ReadOnlySpan<float> values, Span<float> result, SeededRandom? random, ThreadTeam team)
    {
        fixed (float* source = values, target = result)
        {
            new DropoutProduct(source, _mask.Pointer, target, values.Length, random, _keepProbability).Run(team);
        }
    }
}
