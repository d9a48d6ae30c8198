namespace MlNetMlp.Search;

/// <summary>A <see cref="TrainingRunner"/> cannot go on: not a training run has failed, but what would run it. The search ends.</summary>
public sealed class TrainingRunnerException : Exception
{
    /// <param name="message">What happened and what can be done.</param>
    /// <param name="innerException">The cause; null: none.</param>
    internal TrainingRunnerException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
