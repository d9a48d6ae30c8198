namespace MlNetMlp.Interop;

/// <summary>What a network in a model.zip was trained for.</summary>
public enum ModelZipTask
{
    /// <summary>
    /// Two classes: one score, of which <see cref="MlpModel.Probability"/> makes the probability of the positive class if the loss was
    /// <see cref="SigmoidCrossEntropy"/>.
    /// </summary>
    Binary = 1,

    /// <summary>Several classes: one score for each; the greatest is that of the predicted class.</summary>
    Multiclass = 2,

    /// <summary>One value or several.</summary>
    Regression = 3,

    /// <summary>Nothing: the scores are features for other models, as <c>mlContext.Transforms.MlpFeatures</c> makes them.</summary>
    Features = 4,
}
