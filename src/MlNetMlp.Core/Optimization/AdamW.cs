namespace MlNetMlp;

/// <summary>
/// Adam with decoupled weight decay: the step of <see cref="Adam"/>, and beside it a <see cref="MiniBatchOptimizer.WeightDecay"/> that is not 0 by
/// default but 1e-5.
/// </summary>
/// <remarks>Ilya Loshchilov and Frank Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2.</remarks>
public sealed record AdamW : AdaptiveMomentOptimizer
{
    internal const float DefaultWeightDecay = 1e-5f;

    /// <summary>With its defaults.</summary>
    public AdamW() => WeightDecay = DefaultWeightDecay;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<AdamUpdate>(parameterCount, (in context, scalars) => new AdamUpdate(this, in context), ["mean", "meanSquare"]);
}
