namespace MlNetMlp;

/// <summary>The loss, the gradient or a parameter became infinite or NaN: there is no model to return.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(int epoch, string what, float rate)
        : base(FormattableString.Invariant(
            $"The training diverged in epoch {epoch}: {what} is no longer finite, at a learning rate of {rate}. ") +
            "Try a smaller learning rate (a tenth), gradient clipping by norm (1), or standardized features if they are turned off.") => Epoch = epoch;

    /// <summary>The epoch, from 1, in which it happened.</summary>
    public int Epoch { get; }
}
