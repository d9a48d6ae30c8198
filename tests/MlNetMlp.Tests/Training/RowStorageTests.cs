using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

public sealed class RowStorageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp-row-storage-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Fit_FromDisk_LearnsWhatMemoryTeaches(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer memory = trainer.Fit(o => o with
        {
            RowStorage = RowStorage.Memory,
            ValidationFraction = 0.2f,
            ExampleWeightColumnName = "Weight"
        });
        MlpPredictionTransformer disk = trainer.Fit(o => o with
        {
            RowStorage = RowStorage.Disk(_folder.FullName),
            ValidationFraction = 0.2f,
            ExampleWeightColumnName = "Weight"
        });
        Assert.Equal(memory.Model.Training!.History.Select(report => report.ValidationLoss),
            disk.Model.Training!.History.Select(report => report.ValidationLoss));
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Fit_Half_LearnsNearlyTheSame(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        double[] full = Losses(RowStorage.Disk(_folder.FullName)), half = Losses(RowStorage.Disk(_folder.FullName, RowPrecision.Half));
        Assert.NotEqual(full, half);
        Assert.All(full.Zip(half), pair => Assert.Equal(1, pair.Second / pair.First, 2e-3));

        double[] Losses(RowStorage storage) => [.. trainer.Fit(o => o with { RowStorage = storage }).Model.Training!.History.Select(report =>
            report.TrainingLoss)];
    }

    [Theory]
    [InlineData(90 * 6 * 4 + 1, false)]
    [InlineData(89 * 6 * 4, true)]
    public void Fit_Automatic_GoesToDiskPastTheLimitAndSaysSo(long limit, bool isOnDisk)
    {
        // Four features, the label and the weight take 24 bytes a row; there are 90 rows.
        List<string> lines = Log(o => o with { RowStorage = RowStorage.Automatic(limit, _folder.FullName) });
        Assert.Equal(isOnDisk, lines.Contains($"The training rows are on disk: a temporary file of 0 MiB in '{_folder.FullName}'."));
    }

    [Fact]
    public void Fit_Automatic_TrainingAndValidationRowsShareTheLimit()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);

        trainer.Create(context, o => o with { RowStorage = RowStorage.Automatic(150 * 24, _folder.FullName) }).Fit(trainer.Data, trainer.Data);

        Assert.DoesNotContain(lines, line => line.StartsWith("The training rows are on disk", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("The validation rows are on disk", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ByDefault_KeepsFewRowsInMemory() => Assert.DoesNotContain(Log(o => o), line => line.Contains("on disk", StringComparison.Ordinal));

    [Fact]
    public void Fit_FromDisk_HasNoFileToLeaveBehind()
    {
        // What a process that is killed leaves is what is there while it runs: on Windows the system deletes the file with the process.
        var seen = new List<int>();
        TrainerCase.Of("binary").Fit(o => o with
        {
            RowStorage = RowStorage.Disk(_folder.FullName),
            Progress = new Synchronous<EpochReport>(_ => seen.Add(_folder.GetFiles().Length)),
        });
        Assert.Equal(OperatingSystem.IsWindows() ? [1, 1, 1] : [0, 0, 0], seen);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void Fit_ThatFails_ClosesTheFile()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        long before = OpenFiles();
        using var source = new CancellationTokenSource();
        Assert.Throws<FormatException>(() => trainer.Create(new MLContext(1), OnDisk).Fit(new RowsView(90, trainer.Data.Columns) { FailsAt = 50 }));
        Assert.Throws<FormatException>(() => trainer.Create(new MLContext(1), OnDisk).Fit(trainer.Data,
            new RowsView(90, trainer.Data.Columns) { FailsAt = 50 }));
        Assert.Throws<TrainingDivergedException>(() => trainer.Fit(o => OnDisk(o) with { Optimizer = new Sgd(), LearningRate = 1e30f }));
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(o => OnDisk(o) with
        {
            ThrowOnCancellation = true,
            CancellationToken = source.Token,
            Progress = new Synchronous<EpochReport>(_ => source.Cancel()),
        }));
        Assert.Equal(before, OpenFiles());
        Assert.Empty(_folder.GetFiles());

        MlpTrainerOptions OnDisk(MlpTrainerOptions options) => options with { RowStorage = RowStorage.Disk(_folder.FullName) };
    }

    [Fact]
    public void Fit_TooLargeForHalf_NamesRowFeatureAndRemedy()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        RowsView data = trainer.Data.With(ViewColumn.Vector("Features", 4, row => [0, 0, row == 7 ? 1e6f : 1, row]));
        var exception = Assert.Throws<InvalidOperationException>(
            () => trainer.Create(new MLContext(1), o => o with { RowStorage = RowStorage.Disk(_folder.FullName, RowPrecision.Half) }).Fit(data));
        Assert.All(["row 7 ", "Feature 2 is 1000000", "65504", "RowPrecision.Full"], part => Assert.Contains(part, exception.Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Diagnose_FromDisk_FindsWhatItFindsInMemory()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        Assert.Equal(Report(RowStorage.Memory), Report(RowStorage.Disk(_folder.FullName)));
        Assert.Equal(Gradients(RowStorage.Memory), Gradients(RowStorage.Disk(_folder.FullName)));

        string[] Report(RowStorage storage) =>
            [.. trainer.Create(new MLContext(1), o => o with { RowStorage = storage }).Diagnose(trainer.Data).Findings.Select(finding => finding.Measured)];

        string Gradients(RowStorage storage) => trainer.Create(new MLContext(1), o => o with { RowStorage = storage }).CheckGradients(trainer.Data).ToString();
    }

    [Fact]
    public void RowStorage_OutsideOfItsRange_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("RowStorage", () => new MlpBinaryTrainer.Options { Effort = Effort.Plain, RowStorage = null! });
        Assert.Throws<ArgumentOutOfRangeException>("memoryLimit", () => RowStorage.Automatic(0));
        Assert.Throws<ArgumentOutOfRangeException>("precision", () => RowStorage.Disk(precision: (RowPrecision)7));
    }

    private static List<string> Log(Func<MlpTrainerOptions, MlpTrainerOptions> change)
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        var context = new MLContext(1);
        var lines = new List<string>();
        context.Log += (_, e) => lines.Add(e.RawMessage);
        trainer.Create(context, change).Fit(trainer.Data);
        return lines;
    }

    /// <summary>The files of rows that this process holds open, where the system tells.</summary>
    private long OpenFiles() => !OperatingSystem.IsLinux()
        ? 0
        : Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget?.StartsWith(_folder.FullName, StringComparison.Ordinal) == true);
}
