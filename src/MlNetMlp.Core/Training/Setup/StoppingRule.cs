using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A rule that ends a training beside the patience of <see cref="EarlyStopping"/>: <c>EarlyStopping = new() { Rule = StoppingRule.GeneralizationLoss(5) }</c>.
/// </summary>
/// <remarks>
/// E is the monitored loss of an epoch: that of the validation rows or, without any, of the training rows with penalties; E_opt is the lowest so far. Lutz
/// Prechelt, "Early Stopping - But When?", 1998.
/// </remarks>
public abstract record StoppingRule : ISettings
{
    private protected StoppingRule()
    {
    }

    /// <summary>Whether the rule goes by the change of the weights.</summary>
    internal virtual bool WatchesWeights => false;

    /// <summary>Stops as soon as the loss is that much worse than it was at best: <c>100 (E / E_opt - 1) > percent</c>.</summary>
    /// <param name="percent">Greater than 0; the paper tries 1 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not a finite number greater than 0.</exception>
    public static StoppingRule GeneralizationLoss(double percent) => new LossRule(Require.Positive(percent, nameof(percent)));

    /// <summary>
    /// Stops as soon as the loss of generalization outweighs the progress of the training: <c>100 (E / E_opt - 1) / P > quotient</c>, with
    /// <c>P = 1000 (mean / least - 1)</c> of the training losses of the last strip of epochs; asked after every strip.
    /// </summary>
    /// <param name="quotient">Greater than 0; the paper tries 0.5 to 3.</param>
    /// <param name="strip">Epochs of a strip, at least 2. Default 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static StoppingRule ProgressQuotient(double quotient, int strip = 5) =>
        new QuotientRule(Require.Positive(quotient, nameof(quotient)), Require.AtLeast(strip, 2, nameof(strip)));

    /// <summary>Stops when the loss was higher after each of so many strips of epochs in a row than before it, however small the rises.</summary>
    /// <param name="rises">At least 1; the paper tries 2 to 8.</param>
    /// <param name="strip">Epochs of a strip, at least 1. Default 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static StoppingRule SuccessiveRises(int rises, int strip = 5) =>
        new RisesRule(Require.Positive(rises, nameof(rises)), Require.Positive(strip, nameof(strip)));

    /// <summary>Stops when the weights have all but come to rest: <c>sum |w - w_old| &lt;= goal</c> over all that is learned, from epoch to epoch.</summary>
    /// <param name="goal">Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="goal"/> is not a finite number greater than 0.</exception>
    public static StoppingRule WeightChange(double goal) => new ChangeRule(Require.Positive(goal, nameof(goal)));

    /// <summary>Stops when your own function of the epochs so far says so.</summary>
    /// <param name="name">What stands for the function in texts, and tells it from others.</param>
    /// <param name="stops">
    /// Whether the training stops after the last of these epochs, of which there is at least one. It may be asked more than once about the same epochs, and
    /// must be a function of their reports alone, the times aside, or a training cannot be repeated.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <example>
    /// <code>
    /// StoppingRule rule = StoppingRule.Custom("good enough", epochs => epochs[^1].ValidationMetric > 0.95);
    /// </code>
    /// </example>
    public static StoppingRule Custom(string name, Func<IReadOnlyList<EpochReport>, bool> stops)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomRule(name, Require.NotNull(stops, nameof(stops)));
    }

    /// <summary>Whether the training stops after the last epoch.</summary>
    /// <param name="history">The epochs, at least one.</param>
    /// <param name="weightChange">The change of the weights in the last one, if <see cref="WatchesWeights"/>.</param>
    internal abstract bool Stops(IReadOnlyList<EpochReport> history, double weightChange);

    /// <summary>In percent, how much worse the last epoch is than the best.</summary>
    private static double LossOfGeneralization(IReadOnlyList<EpochReport> history)
    {
        double best = history.Min(report => report.MonitoredLoss), last = history[^1].MonitoredLoss;
        return last > best ? 100 * (last / best - 1) : 0;
    }

    private sealed record LossRule(double Percent) : StoppingRule
    {
        internal override bool Stops(IReadOnlyList<EpochReport> history, double weightChange) => LossOfGeneralization(history) > Percent;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"generalization loss above {Percent} %");
    }

    private sealed record QuotientRule(double Quotient, int Strip) : StoppingRule
    {
        internal override bool Stops(IReadOnlyList<EpochReport> history, double weightChange)
        {
            if (history.Count % Strip != 0)
            {
                return false;
            }

            double[] losses = [.. history.Skip(history.Count - Strip).Select(report => report.TrainingLoss)];
            return LossOfGeneralization(history) > Quotient * 1000 * (losses.Average() / losses.Min() - 1);
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"generalization loss above {Quotient} times the progress of {Strip} epochs");
    }

    private sealed record RisesRule(int Rises, int Strip) : StoppingRule
    {
        internal override bool Stops(IReadOnlyList<EpochReport> history, double weightChange)
        {
            int epochs = history.Count;
            return epochs % Strip == 0 && epochs > (long)Rises * Strip && Enumerable.Range(0, Rises).All(rise =>
                history[epochs - 1 - rise * Strip].MonitoredLoss > history[epochs - 1 - (rise + 1) * Strip].MonitoredLoss);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rises} rises in a row, {Strip} epochs apart");
    }

    private sealed record ChangeRule(double Goal) : StoppingRule
    {
        internal override bool WatchesWeights => true;

        internal override bool Stops(IReadOnlyList<EpochReport> history, double weightChange) => weightChange <= Goal;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"weights change by at most {Goal}");
    }

    private sealed record CustomRule(string Name, Func<IReadOnlyList<EpochReport>, bool> Function) : StoppingRule
    {
        internal override bool Stops(IReadOnlyList<EpochReport> history, double weightChange) => Function(history);

        public override string ToString() => Name;
    }
}
