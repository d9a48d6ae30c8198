namespace MlNetMlp;

/// <summary>A loss for classification: of two classes, <see cref="BinaryLoss"/>, or of any number of classes, <see cref="MulticlassLoss"/>.</summary>
public abstract record ClassificationLoss : Loss
{
    private protected ClassificationLoss()
    {
    }

    /// <summary>How much the rows of each class count, in training and in validation. Default null: all the same.</summary>
    /// <remarks>
    /// The weight of a row is multiplied by that of its class before anything else is done with it, so loss, metric and standardization
    /// all use it; afterwards the weights have mean 1. It affects training only: the loss of the trained model has no class weights.
    /// </remarks>
    public ClassWeights? ClassWeights { get; init; }

    internal sealed override Loss ForModel => ClassWeights is null ? this : this with { ClassWeights = null };

    internal sealed override bool HigherMetricIsBetter => true;

    /// <summary>The number of classes for a network with this many outputs.</summary>
    internal abstract int ClassCount(int outputCount);

    /// <summary>The index of the class that a valid target names.</summary>
    internal abstract int ClassOf(float target);
}
