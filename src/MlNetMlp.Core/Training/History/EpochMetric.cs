using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A metric of your own, which every epoch reports and by which early stopping may go: <c>Metric = new EpochMetric("F1", true, rows => ...)</c>.
/// </summary>
/// <example>
/// Stops by the recall of the positive class:
/// <code>
/// var recall = new EpochMetric("Recall", higherIsBetter: true, rows =>
/// {
///     double found = 0, all = 0;
///     for (int i = 0; i &lt; rows.Count; i++)
///     {
///         double positive = rows.Target(i) > 0.5f ? rows.Weight(i) : 0;
///         all += positive;
///         found += rows.Scores(i)[0] > 0 ? positive : 0;
///     }
///
///     return found / all;
/// });
/// var options = new MlpBinaryTrainer.Options { Metric = recall, EarlyStopping = new() { Monitor = MonitoredQuantity.Metric } };
/// </code>
/// </example>
public sealed record EpochMetric : ISettings
{
    /// <param name="name">Its name in reports, logs and pictures.</param>
    /// <param name="higherIsBetter">Whether a greater value is a better one.</param>
    /// <param name="function">
    /// The metric of rows, of which there is at least one. Called after every epoch, for the training rows, each as it was seen in its mini-batch, and for
    /// the validation rows; NaN where it has no value, which is an error for validation rows only if early stopping goes by it.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public EpochMetric(string name, bool higherIsBetter, Func<ScoredRows, double> function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        HigherIsBetter = higherIsBetter;
        Function = Require.NotNull(function, nameof(function));
    }

    /// <summary>Its name in reports, logs and pictures.</summary>
    public string Name { get; }

    /// <summary>Whether a greater value is a better one.</summary>
    public bool HigherIsBetter { get; }

    internal Func<ScoredRows, double> Function { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
