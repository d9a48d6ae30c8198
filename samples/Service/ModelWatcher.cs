using Microsoft.Extensions.Options;

namespace Service;

/// <summary>Loads the model at the start, and again whenever its file is replaced.</summary>
/// <remarks>
/// It asks for time stamp and length, which works on every file system; notifications get lost on network drives and mounted volumes. A file
/// is loaded when it has been the same for one interval, and one that could not be loaded is tried again when it has changed again.
/// </remarks>
internal sealed partial class ModelWatcher(
    ModelHolder holder, IOptions<ModelOptions> options, TimeProvider clock, ILogger<ModelWatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string path = options.Value.FullPath;
        FileStamp? settled = FileStamp.Of(path);
        if (settled is null && options.Value.TrainIfMissing)
        {
            LogTraining(path);
            await Task.Run(() => FirstModel.Train(path), stoppingToken);
            settled = FileStamp.Of(path);
        }

        await TryLoadAsync(stoppingToken);
        FileStamp? seen = settled;
        using var timer = new PeriodicTimer(options.Value.PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            FileStamp? stamp = FileStamp.Of(path);
            if (stamp is not null && stamp == seen && stamp != settled)
            {
                settled = stamp;
                await TryLoadAsync(stoppingToken);
            }

            seen = stamp;
        }
    }

    private async Task TryLoadAsync(CancellationToken cancellation)
    {
        try
        {
            await holder.LoadAsync(cancellation);
        }
        catch (ModelLoadException)
        {
            // The holder has said why; the old model stays.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no {Path}: training a small network for digits")]
    private partial void LogTraining(string path);
}
