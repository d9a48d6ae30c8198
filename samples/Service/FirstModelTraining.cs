using Microsoft.Extensions.Options;
using MlNetMlp.Hosting;

namespace Service;

/// <summary>Trains a first model in the background where there is none, and has it taken into service.</summary>
internal sealed partial class FirstModelTraining(
    MlpScoring scoring, IOptions<FirstModelOptions> settings, IOptions<MlpScoringOptions> model, IHostEnvironment host, ILogger<FirstModelTraining> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string path = Path.GetFullPath(model.Value.Path, host.ContentRootPath);
        if (!settings.Value.TrainIfMissing || File.Exists(path))
        {
            return;
        }

        LogTraining(path);
        await Task.Run(() => FirstModel.Train(path), stoppingToken);
        await scoring.ReloadAsync(stoppingToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no {Path}: training a small network for digits")]
    private partial void LogTraining(string path);
}
