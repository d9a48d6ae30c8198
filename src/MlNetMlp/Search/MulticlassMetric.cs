using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>Metrics for a search for a multiclass classifier.</summary>
public static class MulticlassMetric
{
    /// <summary>The mean of <c>-log p</c> over the probabilities <c>p</c> of the true classes; for <see cref="SoftmaxCrossEntropy"/> only.</summary>
    public static SearchMetric<MulticlassClassificationMetrics> LogLoss { get; } =
        new("log-loss", SearchGoal.Minimize, metrics => metrics.LogLoss) { NeedsProbabilities = true };

    /// <summary>The fraction of the rows that get the right class.</summary>
    public static SearchMetric<MulticlassClassificationMetrics> MicroAccuracy { get; } = new("accuracy", SearchGoal.Maximize, metrics => metrics.MicroAccuracy);

    /// <summary>The accuracy of each class, averaged over the classes: all classes count the same, however many rows they have.</summary>
    public static SearchMetric<MulticlassClassificationMetrics> MacroAccuracy { get; } = new("macro accuracy", SearchGoal.Maximize,
        metrics => metrics.MacroAccuracy);

    /// <summary>All of them, by which another process knows them, too.</summary>
    internal static IReadOnlyList<SearchMetric<MulticlassClassificationMetrics>> All { get; } =
        [LogLoss, MicroAccuracy, MacroAccuracy];
}
