using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MlNetMlp.Service.Tests.Support;

/// <summary>Keeps what a service logs.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Level, category, message and exception of each record.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Fails with all that was logged, if anything was.</summary>
    public void AssertEmpty() => Assert.True(_lines.IsEmpty, string.Join(Environment.NewLine, _lines));

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
