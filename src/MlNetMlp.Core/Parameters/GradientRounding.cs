using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Rounds the gradients of one epoch to 16 bits, and adds to each what was left of those before: nothing is lost, it only comes later.
/// </summary>
/// <remarks>
/// Frank Seide, Hao Fu, Jasha Droppo, Gang Li and Dong Yu, 1-Bit Stochastic Gradient Descent and its Application to Data-Parallel Distributed Training of
/// Speech DNNs, 2014; for the gradients of the shards and for their sum: Hanlin Tang, Xiangru Lian, Chen Yu, Tong Zhang and Ji Liu, DoubleSqueeze, 2019.
/// </remarks>
/// <param name="length">The number of elements of a gradient.</param>
internal sealed class GradientRounding(int length)
{
    private readonly AlignedBuffer _rests = new(length);

    /// <summary>Forgets what is left: an epoch depends on the state before it alone.</summary>
    public void Clear() => _rests.Span.Clear();

    /// <summary>Rounds some elements.</summary>
    /// <param name="first">The first of them in the gradient.</param>
    /// <param name="values">Those elements.</param>
    public void Round(int first, Span<float> values) => BFloat16.Round(values, _rests.Span.Slice(first, values.Length));
}
