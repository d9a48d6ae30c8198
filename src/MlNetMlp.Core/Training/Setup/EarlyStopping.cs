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

    /// <summary>The number of epochs in a row that may pass without an improvement. At least 1; default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Patience
    {
        get;
        init => field = Require.Positive(value, nameof(Patience));
    } = 10;

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

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
