namespace MlNetMlp.Search;

/// <summary>Which values of a metric are better.</summary>
public enum SearchGoal
{
    /// <summary>Lower values, as for losses and errors.</summary>
    Minimize,

    /// <summary>Higher values, as for accuracies.</summary>
    Maximize,
}
