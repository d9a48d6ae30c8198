using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class LogTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void EveryEpoch_HasALineInTheLog(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        var context = new MLContext(1);
        var lines = new List<LoggingEventArgs>();
        context.Log += (_, e) => lines.Add(e);

        trainer.Create(context, o => o with { ValidationFraction = 0.2f }).Fit(trainer.Data);

        LoggingEventArgs[] epochs = [.. lines.Where(line => line.RawMessage.StartsWith("Epoch ", StringComparison.Ordinal))];
        Assert.Equal(["Epoch 1/3: ", "Epoch 2/3: ", "Epoch 3/3: "], epochs.Select(line => line.RawMessage[..11]));
        Assert.All(epochs, line => Assert.Equal(ChannelMessageKind.Info, line.Kind));
        Assert.All(epochs, line => Assert.Contains("Training", line.Source, StringComparison.Ordinal));
        Assert.All(["training loss ", "validation loss ", "learning rate 0.001", "gradient norm "],
            part => Assert.Contains(part, epochs[0].RawMessage, StringComparison.Ordinal));
        Assert.EndsWith("best so far", epochs[0].RawMessage, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.RawMessage.StartsWith("Completed after 3 epochs; the model is that of epoch ", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryEpochOfAnEnsemble_NamesItsMember()
    {
        TrainerCase trainer = TrainerCase.Of("regression, seeds");
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        trainer.Create(context, o => o with { NumberOfEpochs = 2 }).Fit(trainer.Data);

        Assert.Contains("Training 4-8-1, 2 seeds, on 90 rows.", lines);
        Assert.Equal(
            ["Member 1/2, epoch 1/2: ", "Member 1/2, epoch 2/2: ", "Member 2/2, epoch 1/2: ", "Member 2/2, epoch 2/2: "],
            lines.Where(line => line.StartsWith("Member ", StringComparison.Ordinal)).Select(line => line[..23]));
        Assert.Contains("Completed after 4 epochs; the model is an ensemble of 2, of the epochs 2, 2.", lines);
    }

    [Fact]
    public void Progress_IsToldOfEveryEpochOnTheThreadThatTrains()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        var reports = new List<EpochReport>();
        int thread = Environment.CurrentManagedThreadId;

        MlpPredictionTransformer transformer = trainer.Fit(o => o with
        {
            Progress = new Synchronous<EpochReport>(report =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                reports.Add(report);
            }),
        });

        Assert.Equal([1, 2, 3], reports.Select(report => report.Epoch));
        Assert.Equal(transformer.Model.Training!.History, reports);
    }

    [Fact]
    public void Cancellation_WhileReading_Throws()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");

        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(o => o with { CancellationToken = new CancellationToken(canceled: true) }));
        Assert.InRange(trainer.Data.MovedTo, 0, 1);
        Assert.Equal(0, trainer.Data.OpenCursors);
    }

    [Fact]
    public void Cancellation_GivesTheBestModelSoFarOrThrows()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");

        MlpPredictionTransformer Train(bool throws)
        {
            using var source = new CancellationTokenSource();
            return trainer.Fit(o => o with
            {
                NumberOfEpochs = 100,
                CancellationToken = source.Token,
                ThrowOnCancellation = throws,
                Progress = new Synchronous<EpochReport>(report =>
                {
                    if (report.Epoch == 2)
                    {
                        source.Cancel();
                    }
                }),
            });
        }

        MlpTrainingResult result = Train(throws: false).Model.Training!;
        Assert.Equal((TrainingEnd.Cancelled, 2), (result.End, result.History.Count));
        Assert.ThrowsAny<OperationCanceledException>(() => Train(throws: true));
    }
}
