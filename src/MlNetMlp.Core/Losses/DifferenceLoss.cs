namespace MlNetMlp;

/// <summary>
/// A loss computed from the differences between outputs and targets: <see cref="SquaredError"/>, <see cref="AbsoluteError"/> and
/// <see cref="HuberLoss"/>.
/// </summary>
public abstract record DifferenceLoss : RegressionLoss
{
    private protected DifferenceLoss()
    {
    }

    /// <summary>
    /// Whether every target is shifted and scaled to mean 0 and variance 1 over the training rows while the network learns; scores are always in
    /// the units that were given. Default true.
    /// </summary>
    /// <remarks>It affects training only: the trained model keeps the units, and its loss has the default.</remarks>
    public bool StandardizeTargets { get; init; } = true;

    internal sealed override bool TargetsAreValues => true;

    internal sealed override bool StartsAtBestConstant => true;

    internal sealed override bool StandardizesTargets => StandardizeTargets;

    internal sealed override Loss ForPerfectFit => this;

    internal sealed override Loss ForModel => StandardizeTargets ? this : this with { StandardizeTargets = true };
}
