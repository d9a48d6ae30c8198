namespace MlNetMlp.Search;

/// <summary>Which values of a metric are better.</summary>
public enum SearchGoal
{
    /// <summary>Lower ones, as of losses and errors.</summary>
    Minimize,

    /// <summary>Higher ones, as of accuracies.</summary>
    Maximize,
}
