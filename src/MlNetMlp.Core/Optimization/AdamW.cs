using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Adam with decoupled weight decay: the step of <see cref="Adam"/>, and beside it <c>w -= s lambda w</c>, where <c>s</c> is the
/// schedule's rate divided by its base rate (1 with a constant rate). Biases and normalization gains do not decay.
/// </summary>
/// <remarks>
/// <para>
/// As in the paper's algorithm 2, the decay follows the shape of the schedule but not the size of the learning rate: with another
/// <c>eta</c> and the same <c>lambda</c> the weights decay as before. PyTorch and Keras multiply the decay by the rate; their
/// <c>weight_decay</c> at rate <c>eta</c> is <c>WeightDecay = eta * weight_decay</c> here.
/// </para>
/// <para>
/// Every step takes its share, so longer training runs with smaller batches want a smaller value (the paper's section on normalized decay:
/// proportional to <c>sqrt(batch size / (rows * epochs))</c>). Ilya Loshchilov and Frank Hutter,
/// "Decoupled Weight Decay Regularization", 2019.
/// </para>
/// </remarks>
public sealed record AdamW : AdaptiveMomentOptimizer
{
    /// <summary>
    /// <c>lambda</c>, the share of a weight that decays in a step, in [0, 1). Default 1e-5, which is PyTorch's 0.01 at its rate 0.001.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float WeightDecay { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(WeightDecay)); } = 1e-5f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<AdamUpdate>(parameterCount, (in context, scalars) => new AdamUpdate(this, in context), ["mean", "meanSquare"])
        {
            WeightDecay = WeightDecay,
        };
}
