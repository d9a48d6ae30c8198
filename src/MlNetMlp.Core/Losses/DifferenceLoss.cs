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

    /// <summary>
    /// Whether the trained model keeps every score between the smallest and the largest target of the training rows. Default false.
    /// </summary>
    /// <remarks>
    /// Far from the training rows a network goes on in straight lines, and its scores may be far from anything seen; what is known to grow, such as
    /// prices over years, should not be held back. The losses and metrics of the training are those without limits. A model that the training continues
    /// from keeps its limits, widened by the new rows, or loses them where this is false. It affects training only: the trained model keeps the limits, and
    /// its loss has the default. David Holzmueller, Leo Grinsztajn and Ingo Steinwart, Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on
    /// Tabular Data, 2024.
    /// </remarks>
    public bool ClampPredictions { get; init; }

    internal sealed override bool ClampsPredictions => ClampPredictions;

    internal sealed override bool TargetsAreValues => true;

    internal sealed override bool StartsAtBestConstant => true;

    internal sealed override bool StandardizesTargets => StandardizeTargets;

    internal sealed override Loss ForPerfectFit => this;

    internal sealed override Loss ForModel =>
        this is { StandardizeTargets: true, ClampPredictions: false } ? this : this with { StandardizeTargets = true, ClampPredictions = false };
}
