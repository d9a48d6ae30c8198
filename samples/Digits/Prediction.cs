namespace Digits;

/// <summary>What the model says about a digit.</summary>
internal sealed class Prediction
{
    public uint PredictedLabel { get; set; }

    /// <summary>The probability of each class, in the order in which the classes first occurred in the training data.</summary>
    public float[] Score { get; set; } = [];
}
