namespace Microsoft.ML;

/// <summary>A log message of an <see cref="MLContext"/>.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message) => Message = message;

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source) : this($"[Source={source}, Kind={kind}] {message}")
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
    }

    public string Source { get; }
    public ChannelMessageKind Kind { get; }
    public string Message { get; }
    public string RawMessage { get; }
}
