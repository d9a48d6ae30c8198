using Microsoft.ML.Data;

namespace MlNetMlp.Search;

/// <summary>Metrics for a search for a regression. For a label of several values it is the mean of the metric over the values.</summary>
public static class RegressionMetric
{
    /// <summary>The root of the mean squared error, in units of the label.</summary>
    public static SearchMetric<RegressionMetrics> RootMeanSquaredError { get; } = new("RMSE", SearchGoal.Minimize, metrics => metrics.RootMeanSquaredError);

    /// <summary>The mean absolute error, in units of the label.</summary>
    public static SearchMetric<RegressionMetrics> MeanAbsoluteError { get; } = new("MAE", SearchGoal.Minimize, metrics => metrics.MeanAbsoluteError);

    /// <summary>The part of the label's variance that is explained; not defined for labels that are all equal.</summary>
    public static SearchMetric<RegressionMetrics> RSquared { get; } = new("R^2", SearchGoal.Maximize, metrics => metrics.RSquared);

    /// <summary>All of them, by which another process knows them, too.</summary>
    internal static IReadOnlyList<SearchMetric<RegressionMetrics>> All { get; } =
        [RootMeanSquaredError, MeanAbsoluteError, RSquared];
}
