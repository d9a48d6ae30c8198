using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Additive Gaussian noise while training: <c>y = x + s n</c>, with n from the standard normal distribution, drawn anew for every
/// element of every row. Its expectation is x, so scoring needs no change.
/// </summary>
/// <remarks>Christopher M. Bishop, Training with Noise is Equivalent to Tikhonov Regularization, 1995.</remarks>
internal sealed class NoiseLayer : Layer
{
    private readonly NetworkPart _part;
    private readonly float _standardDeviation;

    /// <param name="part">The part of the network to whose outputs noise is added.</param>
    /// <param name="size">The number of units.</param>
    /// <param name="standardDeviation">s, greater than 0.</param>
    public NoiseLayer(NetworkPart part, int size, float standardDeviation)
        : base(size, size)
    {
        _part = part;
        _standardDeviation = standardDeviation;
    }

    public override bool Learns => false;

    public override void Forward(in Pass pass, ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        if (pass.Mode != PassMode.Training)
        {
            input.Values.CopyTo(output.Values);
            return;
        }

        _part.Random(pass.Random, RandomPurpose.Noise).FillNoise(output.Values, _standardDeviation);
        TensorPrimitives.Add(input.Values, output.Values, output.Values);
    }

    public override void Backward(in Pass pass, ReadOnlyMatrixSpan input, ReadOnlyMatrixSpan output, MatrixSpan outputGradient, MatrixSpan inputGradient)
    {
        if (inputGradient.Rows > 0)
        {
            outputGradient.Values.CopyTo(inputGradient.Values);
        }
    }

    public override void AppendTo(ScoringPlan plan, ParameterVector parameters)
    {
    }
}
