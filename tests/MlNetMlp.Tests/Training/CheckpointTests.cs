using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>A fit that was stopped is continued by the same fit.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const string ProgramName = "MlNetMlp.Tests.Interrupted";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    private string File => Path.Combine(_folder.FullName, "training.checkpoint");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Fit_StoppedAndFittedAgain_GivesTheSameModel(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpTrainerOptions Options(MlpTrainerOptions o) => o with
        {
            NumberOfEpochs = 6,
            HiddenLayers = [new(8) { Dropout = 0.2f }],
            EarlyStopping = new() { Patience = 5 },
            RunningLossBatches = 3,
        };

        MlpPredictionTransformer whole = trainer.Fit(Options);
        Stop(trainer, Options);
        var told = new List<EpochReport>();
        MlpPredictionTransformer resumed = trainer.Fit(o => Options(o) with
        {
            Checkpoint = new(File),
            Progress = new Synchronous<EpochReport>(told.Add),
            NumberOfThreads = 2
        });

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(whole)), ModelFiles.Network(ModelFiles.Save(resumed)));
        Assert.Equal(RowValues.ReadAll(whole.Transform(trainer.Data), "Score").Values, RowValues.ReadAll(resumed.Transform(trainer.Data), "Score").Values);
        Assert.Equal(whole.Model.Training!.History.Select(WithoutTime), resumed.Model.Training!.History.Select(WithoutTime));
        Assert.Equal(whole.Model.Training.History.Skip(2).Select(report => (report.Member, report.Epoch)),
            told.Select(report => (report.Member, report.Epoch)));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Fit_WithoutASeed_TakesUpThatOfTheCheckpoint()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        Stop(trainer, o => o with { Seed = null, NumberOfEpochs = 5 }, context: 1);
        int seed = new TrainingCheckpoint(File).Find()!.Seed;

        MlpPredictionTransformer resumed = trainer.Create(new MLContext(2), o => o with { Seed = null, NumberOfEpochs = 5, Checkpoint = new(File) })
            .Fit(trainer.Data);

        Assert.Equal(
            ModelFiles.Network(ModelFiles.Save(trainer.Fit(o => o with { Seed = seed, NumberOfEpochs = 5 }))), ModelFiles.Network(ModelFiles.Save(resumed)));
    }

    [Fact]
    public void Fit_Continued_SaysSoInTheLog()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        Stop(trainer, o => o);
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        trainer.Create(context, o => o with { Checkpoint = new(File) }).Fit(trainer.Data);

        Assert.Contains($"Continuing after epoch 2 of 3 from the checkpoint '{File}'.", lines);
        Assert.Single(lines, line => line.StartsWith("Epoch ", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_EnsembleStoppedInItsSecondMember_GivesTheSameModel()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpTrainerOptions Options(MlpTrainerOptions o) => o with { NumberOfEpochs = 3, Ensemble = Ensemble.Bagging(3) };
        MlpPredictionTransformer whole = trainer.Fit(Options);
        Stop(trainer, Options, member: 2);
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        MlpPredictionTransformer resumed = trainer.Create(context, o => Options(o) with { Checkpoint = new(File) }).Fit(trainer.Data);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(whole)), ModelFiles.Network(ModelFiles.Save(resumed)));
        Assert.Contains($"Continuing after epoch 2 of 3 of member 2 of 3 from the checkpoint '{File}'.", lines);
        Assert.Equal(4, lines.Count(line => line.StartsWith("Member ", StringComparison.Ordinal)));
        Assert.Equal(whole.Model.Training!.History.Select(WithoutTime), resumed.Model.Training!.History.Select(WithoutTime));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Fit_OtherOptionsOrRows_IsRefused()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        Stop(trainer, o => o);

        CheckpointMismatchException error = Assert.Throws<CheckpointMismatchException>(() =>
            trainer.Fit(o => o with { Checkpoint = new(File), L2Regularization = 0.5f }));
        Assert.Equal(["L2Regularization.Rate is 0 in the checkpoint and 0.5 now"], error.Differences);
        Assert.Throws<CheckpointMismatchException>(() => trainer.Create(new MLContext(1), o => o with { Checkpoint = new(File) })
            .Fit(trainer.Data.WithRows(80)));
    }

    [Fact]
    public void Fit_DamagedCheckpoint_IsRefusedBeforeTheRowsAreRead()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        System.IO.File.WriteAllText(File, "not a checkpoint, but long enough to be one, were it not for its beginning");

        Assert.Throws<InvalidDataException>(() => trainer.Fit(o => o with { Checkpoint = new(File) }));
        Assert.Equal(0, trainer.Data.MovedTo);
    }

    [Fact]
    public void Fit_CheckpointThatAnotherTrainingHas_IsRefusedBeforeTheRowsAreRead()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        using (new FileStream(File + ".lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            IOException error = Assert.Throws<IOException>(() => trainer.Fit(o => o with { Checkpoint = new(File) }));
            Assert.StartsWith($"The checkpoint '{File}' is in use by another training", error.Message, StringComparison.Ordinal);
            Assert.Equal(0, trainer.Data.MovedTo);
        }

        // What is left of the file is in nobody's way.
        trainer.Fit(o => o with { Checkpoint = new(File) });
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void Fit_CheckpointThatCannotBeWritten_IsRefusedBeforeTheRowsAreRead()
    {
        TrainerCase trainer = TrainerCase.Of("regression");

        Assert.ThrowsAny<IOException>(() => trainer.Fit(o => o with { Checkpoint = new(Path.Combine(_folder.FullName, "missing", "c")) }));
        Assert.Equal(0, trainer.Data.MovedTo);
    }

    /// <summary>A program of its own, killed at five random moments: the sixth comes to the end that one in one go comes to.</summary>
    [Fact]
    public async Task Fit_KilledAgainAndAgain_GivesTheSameModel()
    {
        string model = Path.Combine(_folder.FullName, "model.zip"), whole = Path.Combine(_folder.FullName, "whole.zip");
        var random = new Random();
        const int Epochs = 80;
        int epochs = 0, seed = 0;
        for (int kill = 1; kill <= 5; kill++)
        {
            using (Process process = SiblingProgram.Start(ProgramName, _folder.FullName, model, File))
            {
                // Some epochs on, and then some part of one.
                for (int line = random.Next(1, 4); line > 0; line--)
                {
                    Assert.StartsWith("epoch ", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
                    await process.StandardInput.WriteLineAsync();
                    await process.StandardInput.FlushAsync();
                }

                await Task.Delay(random.Next(15));
                process.Kill();
                await process.WaitForExitAsync();
            }

            CheckpointSummary saved = new TrainingCheckpoint(File).Find()!;
            Assert.InRange(saved.Epoch, epochs + 1, Epochs);
            Assert.Equal(kill == 1 ? saved.Seed : seed, saved.Seed);

            // The checkpoint, its lock, and what a save that was killed wrote.
            Assert.InRange(_folder.GetFileSystemInfos().Length, 1, 3);
            (epochs, seed) = (saved.Epoch, saved.Seed);
        }

        string[] lines = await SiblingProgram.Run(ProgramName, _folder.FullName, model, File);
        string[] expected = await SiblingProgram.Run(ProgramName, _folder.FullName, whole, seed.ToString(CultureInfo.InvariantCulture));

        Assert.Equal($"epoch {epochs + 1}", lines[0]);
        Assert.Equal(expected[Epochs..], lines[(Epochs - epochs)..]);
        Assert.Equal(ModelFiles.Network(await System.IO.File.ReadAllBytesAsync(whole)), ModelFiles.Network(await System.IO.File.ReadAllBytesAsync(model)));
        Assert.Equal(["model.zip", "whole.zip"], _folder.GetFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Fits until the second epoch, of a member, is over.</summary>
    private void Stop(TrainerCase trainer, Func<MlpTrainerOptions, MlpTrainerOptions> change, int context = 1, int member = 1) =>
        Assert.Throws<TimeoutException>(() => trainer.Create(new MLContext(context), o => change(o) with
        {
            Checkpoint = new(File),
            Progress = new Synchronous<EpochReport>(report =>
            {
                if ((report.Member, report.Epoch) == (member, 2))
                {
                    throw new TimeoutException();
                }
            }),
        }).Fit(trainer.Data));

    private static EpochReport WithoutTime(EpochReport report) => report with { Elapsed = default };
}
