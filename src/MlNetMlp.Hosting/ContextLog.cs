using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlNetMlp.Hosting;

/// <summary>Passes the messages of ML.NET's log on to a logger.</summary>
internal sealed partial class ContextLog : IDisposable
{
    private readonly MLContext _context;
    private readonly ILogger _logger;

    public ContextLog(MLContext context, ILogger logger)
    {
        (_context, _logger) = (context, logger);
        context.Log += Pass;
    }

    public void Dispose() => _context.Log -= Pass;

    private void Pass(object? sender, LoggingEventArgs line) => LogLine(line.Kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    }, line.Source, line.RawMessage);

    [LoggerMessage(EventId = 10, EventName = "Training", Message = "{Source}: {Message}")]
    private partial void LogLine(LogLevel level, string source, string message);
}
