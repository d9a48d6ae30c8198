namespace MlNetMlp;

/// <summary>What makes scores of the outputs of a network that learned by <see cref="RegressionLoss.Custom"/>.</summary>
public enum OutputFunction
{
    /// <summary>The scores are the outputs.</summary>
    Identity = 0,

    /// <summary>The scores are <c>e^z</c> of the outputs z, at most about 3.3e38: for counts, rates and amounts, which are positive.</summary>
    Exponential = 1,
}
