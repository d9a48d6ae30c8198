namespace MlNetMlp;

/// <summary>What happens to a feature that is not a finite number.</summary>
public enum InvalidValueHandling
{
    /// <summary>The mean of the feature over the training rows takes its place.</summary>
    Impute,

    /// <summary>An exception names the row, the feature and the value.</summary>
    Fail,
}
