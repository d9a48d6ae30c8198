using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>
/// The metric of a search: one of the numbers that ML.NET's <c>Evaluate</c> computes on the rows that were held out. The usual ones are in
/// <see cref="BinaryMetric"/>, <see cref="MulticlassMetric"/> and <see cref="RegressionMetric"/>; others are created here.
/// </summary>
/// <typeparam name="TMetrics">ML.NET's metrics of the task.</typeparam>
public sealed class SearchMetric<TMetrics>
    where TMetrics : class
{
    private readonly Func<TMetrics, double> _value;

    /// <summary>A metric, for example <c>new("recall", SearchGoal.Maximize, metrics => metrics.PositiveRecall)</c>.</summary>
    /// <param name="name">Its name, for tables.</param>
    /// <param name="goal">Which values are better.</param>
    /// <param name="value">Takes it from what ML.NET computes. A trial whose value is infinite or NaN fails.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="goal"/> is not a member of the enumeration.</exception>
    public SearchMetric(string name, SearchGoal goal, Func<TMetrics, double> value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Goal = Enum.IsDefined(goal) ? goal : throw new ArgumentOutOfRangeException(
            nameof(goal), goal, $"{nameof(Goal)} is {goal:D}; it must be {nameof(SearchGoal.Minimize)} or {nameof(SearchGoal.Maximize)}.");
        _value = value;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Which values are better.</summary>
    public SearchGoal Goal { get; }

    /// <summary>Whether the metric says something of probabilities alone, which not every loss makes.</summary>
    internal bool NeedsProbabilities { get; init; }

    /// <summary>Computes the metric from scored rows and their label column, if ML.NET's value is not exact enough; null: ML.NET's.</summary>
    internal Func<IDataView, string, double>? FromScores { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal double Of(TMetrics metrics) => _value(metrics);
}
