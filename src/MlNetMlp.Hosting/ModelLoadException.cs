namespace MlNetMlp.Hosting;

/// <summary>A model cannot be taken into service; the message says why, and can be shown to whoever asked for it.</summary>
public sealed class ModelLoadException : Exception
{
    /// <summary>An exception with its message.</summary>
    /// <param name="message">Why the model cannot be taken.</param>
    /// <param name="isSourceProblem">True: there is none, or it cannot be read at the moment; false: what was read cannot be served.</param>
    /// <param name="innerException">The cause, for logs.</param>
    public ModelLoadException(string message, bool isSourceProblem, Exception? innerException = null)
        : base(message, innerException) => IsSourceProblem = isSourceProblem;

    /// <summary>True: there is no model, or it cannot be read at the moment, so that it may help to try again; false: what was read cannot be served.</summary>
    public bool IsSourceProblem { get; }
}
