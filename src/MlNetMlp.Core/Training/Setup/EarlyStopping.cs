using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Ends the training when the loss, or another quantity, has stopped improving (Prechelt, Early Stopping - But When?, 1998).</summary>
/// <remarks>
/// The loss is that of the validation rows, or of the training rows, penalties included, where there are none. Whatever ends the training, the
/// parameters of the epoch with the lowest loss are the ones that are kept. A model that the training continues from takes part as epoch 0: the
/// first epochs have its loss to improve on.
/// </remarks>
public sealed record EarlyStopping : ISettings
{
    private const int FewestPatience = 10, PartOfEpochs = 5;

    /// <summary>What is watched, and what the best epoch is chosen by. Default <see cref="MonitoredQuantity.Loss"/>.</summary>
    /// <remarks>
    /// The accuracy of few validation rows moves in steps and stays the same for many epochs, of which the first is kept; the loss tells them apart.
    /// <see cref="Schedule.ReduceOnPlateau"/> goes by the loss in any case.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public MonitoredQuantity Monitor
    {
        get;
        init => field = Require.Defined(value, nameof(Monitor));
    }

    /// <summary>
    /// The number of epochs in a row that may pass without an improvement, at least 1. Default null: a fifth of
    /// <see cref="MlpTrainingOptions.NumberOfEpochs"/>, but at least 10.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Patience
    {
        get;
        init => field = value is { } patience ? Require.Positive(patience, nameof(Patience)) : null;
    }

    /// <summary>
    /// The epochs by which the patience grows with every epoch up to the last improvement, at least 0; default 0. The training stops after
    /// <c>Patience + PatienceGrowth b</c> epochs without an improvement since epoch <c>b</c>.
    /// </summary>
    /// <remarks>
    /// What improves late may improve again late: with 2, and a patience of 40, a training ends at three times its best epoch, plus 40, as in
    /// Holzmueller, Grinsztajn and Steinwart, Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data, 2024.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double PatienceGrowth
    {
        get;
        init => field = Require.NonNegative(value, nameof(PatienceGrowth));
    }

    /// <summary>
    /// The least by which the loss must fall, or the metric improve, to count as an improvement that resets the patience. At least
    /// 0; default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double MinDelta
    {
        get;
        init => field = Require.NonNegative(value, nameof(MinDelta));
    }

    /// <summary>A rule that ends the training as well, before the patience is over. Default null: none.</summary>
    public StoppingRule? Rule { get; init; }

    /// <summary>The epochs without an improvement after which a training stops.</summary>
    /// <param name="best">The epoch of the last improvement.</param>
    /// <param name="numberOfEpochs">The number of epochs that are planned.</param>
    internal double PatienceAt(int best, int numberOfEpochs) => (Patience ?? Math.Max(FewestPatience, numberOfEpochs / PartOfEpochs)) + PatienceGrowth * best;

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
