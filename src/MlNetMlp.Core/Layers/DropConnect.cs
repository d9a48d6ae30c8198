using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Inverted DropConnect: a layer trains with <c>m w</c> in the place of each weight w, where m is 0 with probability p, else
/// <c>1 / (1 - p)</c>, so that the expectation is w and scoring needs no change.
/// </summary>
/// <remarks>
/// Wan, Zeiler, Zhang, LeCun and Fergus, Regularization of Neural Networks using DropConnect, 2013. Deviations from the paper: one mask
/// serves all rows of a mini-batch, for a mask of its own for every row would cost as many random numbers as the product has terms, and the
/// product could not be one of matrices any more; biases are not dropped; scoring takes the expected weights rather than sampling from
/// a normal distribution fitted to the sums.
/// </remarks>
internal sealed class DropConnect
{
    private readonly NetworkPart _part;
    private readonly float _keepProbability;
    private readonly AlignedBuffer _mask;
    private readonly AlignedBuffer _weights;

    /// <param name="part">The part of the network whose weights are dropped.</param>
    /// <param name="dropProbability">p, in (0, 1).</param>
    /// <param name="weights">The number of weights; 0 for a network that will not be run.</param>
    public DropConnect(NetworkPart part, float dropProbability, int weights)
    {
        _part = part;
        _keepProbability = 1 - dropProbability;
        _mask = new AlignedBuffer(weights);
        _weights = new AlignedBuffer(weights);
    }

    /// <summary>The weights m w of the last <see cref="Draw"/>.</summary>
    public ReadOnlySpan<float> Kept => _weights.Span;

    /// <summary>Draws the mask of a mini-batch.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="weights">w, which stay as they are.</param>
    public void Draw(in Pass pass, ReadOnlySpan<float> weights)
    {
        float kept = UnitDropout.KeptAt(_keepProbability, pass.DropoutFactor);
        _part.Random(pass.Random, RandomPurpose.DropConnect).FillKeepMask(_mask.Span, kept);
        VectorMath.Multiply(weights, _mask.Span, _weights.Span);
    }

    /// <summary>Turns the gradient of m w into that of w, by the mask of the last <see cref="Draw"/>.</summary>
    public void MaskGradient(Span<float> gradient) => VectorMath.Multiply(gradient, _mask.Span, gradient);
}
