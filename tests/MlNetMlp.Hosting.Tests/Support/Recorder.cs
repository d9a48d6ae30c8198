using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting.Tests.Support;

/// <summary>A logger, and a provider of it, that keeps everything.</summary>
internal sealed class Recorder : ILogger, ILoggerProvider
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    public IReadOnlyCollection<Entry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue(new(logLevel, eventId, formatter(state, exception),
            ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(pair => pair.Key, pair => pair.Value)));

    public void Dispose()
    {
    }

    internal sealed record Entry(LogLevel Level, EventId Event, string Text, IReadOnlyDictionary<string, object?> Values);
}
