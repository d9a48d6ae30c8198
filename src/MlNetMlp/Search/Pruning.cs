namespace MlNetMlp.Search;

/// <summary>Ends a training run whose least loss so far exceeds a limit. Of an ensemble, the first network decides.</summary>
/// <param name="limits">The limit after each epoch; later ones have none.</param>
/// <param name="next">Asked, too; null: nobody.</param>
internal sealed class Pruning(IReadOnlyList<double> limits, Func<EpochEnd, EpochDecision>? next)
{
    private readonly List<double> _losses = [];
    private double _least = double.PositiveInfinity;

    /// <summary>Whether it has ended the training.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The loss after each epoch of the first network.</summary>
    public IReadOnlyList<double> Losses => _losses;

    public EpochDecision Ask(EpochEnd epoch)
    {
        EpochDecision decision = next?.Invoke(epoch) ?? EpochDecision.Continue;
        if (epoch.Report.Member == 1)
        {
            _losses.Add(epoch.Report.MonitoredLoss);
            _least = Math.Min(_least, epoch.Report.MonitoredLoss);
            HasEnded |= _losses.Count <= limits.Count && _least > limits[_losses.Count - 1];
        }

        // The further networks of an ensemble end after their first epoch.
        return HasEnded ? decision with { StopsTraining = true } : decision;
    }
}
