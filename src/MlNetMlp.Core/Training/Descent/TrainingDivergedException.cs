namespace MlNetMlp;

/// <summary>The loss, the gradient or a parameter became infinite or NaN: there is no model to return.</summary>
public sealed class TrainingDivergedException : InvalidOperationException
{
    internal TrainingDivergedException(int epoch, string what, float rate)
        : this(epoch, FormattableString.Invariant($"{what} is no longer finite, at a learning rate of {rate}. ") +
            "Try a smaller learning rate (a tenth), gradient clipping by norm (1), or standardized features if they are turned off.")
    {
    }

    private TrainingDivergedException(int epoch, string message, InvalidFeatureException? feature = null)
        : base(FormattableString.Invariant($"The training diverged in epoch {epoch}: {message}"), feature) => (Epoch, Text) = (epoch, message);

    /// <summary>The epoch, from 1, in which it happened.</summary>
    public int Epoch { get; }

    /// <summary>The message without the epoch.</summary>
    internal string Text { get; }

    /// <summary>The same as it was in another process.</summary>
    internal static TrainingDivergedException Repeat(int epoch, string text) => new(epoch, text);

    /// <summary>The same with the feature for which it came out.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="place">Where it comes from, as a sentence; or nothing.</param>
    internal TrainingDivergedException With(InvalidFeatureException feature, string place = "") =>
        new(Epoch, place.Length > 0 ? $"{Text} {place}" : Text, feature);

    /// <summary>The same where the optimizer finds its steps by itself, so that neither a rate nor clipping would help.</summary>
    internal static TrainingDivergedException OfLineSearch(int epoch, string what) => new(
        epoch, $"{what} is not finite, and {nameof(Lbfgs)}, which finds its steps by itself, has no way on. " +
        "Try standardized features and targets if they are turned off, another seed or smaller starting weights, L2 regularization " +
        "(0.001), or an optimizer with mini-batches.");
}
