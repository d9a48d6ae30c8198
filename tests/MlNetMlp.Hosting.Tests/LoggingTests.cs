using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Hosting.Tests.Support;

namespace MlNetMlp.Hosting.Tests;

/// <summary>What a training says, in a logger.</summary>
public sealed class LoggingTests
{
    [Fact]
    public void LogTo_Training_HasALineForEveryEpochUntilItIsDisposedOf()
    {
        var mlContext = new MLContext(seed: 1);
        var recorder = new Recorder();
        using (mlContext.LogTo(recorder))
        {
            Train(mlContext, null);
        }

        Recorder.Entry[] epochs = [.. recorder.Entries.Where(entry => entry.Text.Contains("Epoch ", StringComparison.Ordinal))];
        Assert.Equal(3, epochs.Length);
        Assert.All(epochs, entry => Assert.Equal((LogLevel.Information, "Training"), (entry.Level, entry.Event.Name)));
        Assert.StartsWith("Epoch 2/3: training loss", (string)epochs[1].Values["Message"]!, StringComparison.Ordinal);
        Assert.Equal($"{epochs[1].Values["Source"]}: {epochs[1].Values["Message"]}", epochs[1].Text);

        int before = recorder.Entries.Count;
        Train(mlContext, null);
        Assert.Equal(before, recorder.Entries.Count);
    }

    [Fact]
    public void LogTo_Levels_AreThoseOfTheMessages()
    {
        var mlContext = new MLContext(seed: 1);
        var recorder = new Recorder();
        using IDisposable log = mlContext.LogTo(recorder);

        // Rows without a label are dropped with a warning.
        House[] houses = [.. House.Many, new House { Price = float.NaN }];
        Train(mlContext, null, houses);

        Assert.Contains(recorder.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.Contains(recorder.Entries, entry => entry.Level == LogLevel.Trace);
    }

    [Fact]
    public void ToTrainingProgress_Epochs_HaveTheirNumbersByName()
    {
        var recorder = new Recorder();
        RegressionMlp(recorder, out TrainingHistory history);

        Recorder.Entry[] epochs = [.. recorder.Entries.Where(entry => entry.Event.Name == "Epoch")];
        Assert.Equal(3, epochs.Length);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i + 1, epochs[i].Values["Epoch"]);
            Assert.Equal(history[i].TrainingLoss, epochs[i].Values["TrainingLoss"]);
            Assert.Equal(history[i].ValidationLoss, epochs[i].Values["ValidationLoss"]);
            Assert.Equal(history[i].LearningRate, epochs[i].Values["LearningRate"]);
            Assert.Equal(history[i].ToString(), epochs[i].Text);
            Assert.Equal(LogLevel.Debug, epochs[i].Level);
        }

        Assert.Equal("TrainingEnded", recorder.Entries.Last().Event.Name);
    }

    private static void RegressionMlp(Recorder recorder, out TrainingHistory history) =>
        history = Train(new MLContext(seed: 1), recorder.ToTrainingProgress(LogLevel.Debug)).Model.Training!.History;

    private static MlpPredictionTransformer Train(MLContext mlContext, IProgress<EpochReport>? progress, House[]? houses = null)
    {
        IDataView rows = mlContext.Data.LoadFromEnumerable(houses ?? House.Many);
        EstimatorChain<MlpPredictionTransformer> pipeline = mlContext.Transforms.Concatenate("Features", nameof(House.Rooms), nameof(House.Age))
            .Append(mlContext.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
            {
                LabelColumnName = nameof(House.Price),
                HiddenLayers = [new(4)],
                NumberOfEpochs = 3,
                Effort = Effort.Plain,
                Progress = progress,
            }));
        return pipeline.Fit(rows).LastTransformer;
    }
}
