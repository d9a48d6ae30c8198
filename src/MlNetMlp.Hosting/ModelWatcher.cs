using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MlNetMlp.Hosting;

/// <summary>Loads a model before the host takes requests, and again whenever there is another.</summary>
/// <remarks>
/// A model is loaded when its stamp has been the same for one interval, and one that could not be loaded is tried again when it has changed again.
/// </remarks>
internal sealed partial class ModelWatcher(MlpScoring scoring, TimeProvider clock, ILogger<ModelWatcher> logger) : BackgroundService, IHostedLifecycleService
{
    private string? _settled;

    /// <summary>Comes before the server listens.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _settled = await StampAsync(cancellationToken).ConfigureAwait(false);
        if (_settled is null)
        {
            LogNone(scoring.Name, scoring.Source);
            return;
        }

        await TryLoadAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? seen = _settled;
        using var timer = new PeriodicTimer(scoring.PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            string? stamp = await StampAsync(stoppingToken).ConfigureAwait(false);
            if (stamp is not null && stamp == seen && stamp != _settled)
            {
                _settled = stamp;
                await TryLoadAsync(stoppingToken).ConfigureAwait(false);
            }

            seen = stamp;
        }
    }

    private async Task<string?> StampAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await scoring.Source.GetStampAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A source that is away for a while must not end the watch, nor the host.
            LogUnknown(exception, scoring.Name, scoring.Source);
            return null;
        }
    }

    private async Task TryLoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await scoring.ReloadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ModelLoadException)
        {
            // It is in the log already; the old model stays.
        }
    }

    [LoggerMessage(EventId = 3, EventName = "NoModel", Level = LogLevel.Warning,
        Message = "There is no model '{Name}' yet in {Source}; it is taken into service as soon as there is one")]
    private partial void LogNone(string name, IModelSource source);

    [LoggerMessage(EventId = 4, EventName = "SourceUnreachable", Level = LogLevel.Warning,
        Message = "Whether there is another model '{Name}' in {Source} is unknown; the next look may tell")]
    private partial void LogUnknown(Exception exception, string name, IModelSource source);
}
