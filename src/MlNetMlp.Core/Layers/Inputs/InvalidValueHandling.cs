namespace MlNetMlp;

/// <summary>What happens to a feature that is not a finite number.</summary>
public enum InvalidValueHandling
{
    /// <summary>It is replaced by the mean of the feature over the training rows.</summary>
    Impute,

    /// <summary>An exception names the row, the feature and the value.</summary>
    Fail,
}
