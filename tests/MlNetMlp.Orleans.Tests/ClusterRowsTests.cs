using System.Globalization;
using MlNetMlp.Networks;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>Rows in files that silos read themselves.</summary>
public sealed class ClusterRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Three files, of which one ends in the middle of a shard and one has no rows; a feature is missing here and there, and rows have weights.
    /// </summary>
    [Fact]
    public async Task Training_IsThatOfTheSameRowsInMemory()
    {
        var rows = new InMemoryRows(4, 1);
        int[] sizes = [9001, 0, 11];
        string[] files = [.. sizes.Select((size, file) => Write(Invariant($"part{file}.csv"), size, rows))];
        TrainingTask task = SmallTraining.Of("plain");
        MlpTrainingOptions options = task.Options with { NumberOfEpochs = 1, BatchSize = 512 };
        MlpTrainingResult expected = MlpTrainer.Train(new(task.Architecture, task.Loss, rows) { Options = options, Validation = rows });
        await using Silos silos = await Silos.Start(2, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();
        ClusterRows opened = runner.OpenFiles(files, new RowFileFormat([2, 0, 5, 3], 4) { WeightColumn = 6, Separator = ';' });
        Assert.Equal(9012, opened.Count);

        MlpTrainingResult found = await Task.Run(() => MlpTrainer.Train(new(task.Architecture, task.Loss, opened)
        {
            Options = options,
            Validation = opened,
            Cluster = runner,
        }));

        SmallTraining.Same(expected, found);
        Assert.Equal(0, silos.ClientReads);
    }

    /// <summary>What a training is to know of all rows, silos find out; none of the rows passes through the client.</summary>
    [Theory]
    [InlineData("balanced classes")]
    [InlineData("weighted shares")]
    [InlineData("continued")]
    [InlineData("ensemble continued")]
    [InlineData("transferred")]
    public async Task Training_DoesNotReadRowsAtTheClient(string what)
    {
        Loss loss = what switch
        {
            "balanced classes" => new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced },
            "weighted shares" => new KullbackLeiblerDivergence { ClassWeights = ClassWeights.Balanced },
            _ => new SoftmaxCrossEntropy(),
        };
        int[] targets = what == "weighted shares" ? [7, 8, 9] : [4];
        InMemoryRows rows = new(4, targets.Length), validation = new(4, targets.Length);
        string[] files = [Write("a.csv", 5001, rows), Write("b.csv", 40, rows)], ofValidation = [Write("c.csv", 700, validation)];
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(8)] };
        MlpTrainingOptions options = SmallTraining.Of("plain").Options with { NumberOfEpochs = 2, BatchSize = 512 };
        options = what == "ensemble continued" ? options with { Ensemble = Ensemble.Seeds(2) } : options;
        MlpModel other = MlpTrainer.Train(new(architecture, loss, validation) { Options = options }).Model;
        var task = new TrainingTask(architecture, loss, rows) { Options = options, Validation = validation };
        task = what switch
        {
            "continued" or "ensemble continued" => task with { InitialModel = other },
            "transferred" => task with { Options = options with { TransferFrom = other } },
            _ => task,
        };
        await using Silos silos = await Silos.Start(2, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();

        MlpTrainingResult found = await Task.Run(() => MlpTrainer.Train(new(architecture, loss, Opened(runner, files, targets))
        {
            Options = task.Options,
            Validation = Opened(runner, ofValidation, targets),
            InitialModel = task.InitialModel,
            Cluster = runner,
        }));

        SmallTraining.Same(MlpTrainer.Train(task), found);
        Assert.Equal(0, silos.ClientReads);
    }

    /// <summary>A checkpoint of a training in memory knows the rows again in the files, by a checksum that a silo finds.</summary>
    [Fact]
    public async Task Checkpoint_OfTheSameRowsInMemory_GoesOnWithoutReadingThemAtTheClient()
    {
        var rows = new InMemoryRows(4, 1);
        string file = Write("rows.csv", 5000, rows);
        TrainingTask task = SmallTraining.Of("plain");
        MlpTrainingOptions options = task.Options with { NumberOfEpochs = 3, BatchSize = 512 };
        MlpTrainingResult expected = MlpTrainer.Train(new(task.Architecture, task.Loss, rows) { Options = options });
        options = options with { Checkpoint = new TrainingCheckpoint(_folder.Path("run.checkpoint")) };
        using var cancellation = new CancellationTokenSource();
        MlpTrainer.Train(new(task.Architecture, task.Loss, rows)
        {
            Options = options,
            Progress = new ImmediateProgress(_ => cancellation.Cancel()),
            CancellationToken = cancellation.Token,
        });
        await using Silos silos = await Silos.Start(2, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();

        var reports = new List<EpochReport>();
        MlpTrainingResult found = await Task.Run(() => MlpTrainer.Train(new(task.Architecture, task.Loss, Opened(runner, [file], [4]))
        {
            Options = options,
            Progress = new ImmediateProgress(reports.Add),
            Cluster = runner,
        }));

        SmallTraining.Same(expected, found);
        Assert.Equal([2, 3], reports.Select(report => report.Epoch));
        Assert.Equal(0, silos.ClientReads);
    }

    /// <summary>A class that there is not, found while classes are weighed, is named as it is here.</summary>
    [Fact]
    public async Task ClassThatThereIsNot_IsNamed()
    {
        var rows = new InMemoryRows(4, 1);
        string file = Write("rows.csv", 30, rows);
        var architecture = new MlpArchitecture(4, 2) { HiddenLayers = [new(4)] };
        var loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced };
        var expected = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, loss, rows)));
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();

        var refused = await Assert.ThrowsAsync<TrainingRunnerException>(() => Task.Run(() => MlpTrainer.Train(
            new(architecture, loss, Opened(runner, [file], [4])) { Cluster = runner })));

        Assert.Contains(expected.Message, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What is learned of the features before the first epoch, too, is what one process learns, whatever that is.</summary>
    [Theory]
    [InlineData("robust")]
    [InlineData("whitened")]
    [InlineData("embedded")]
    [InlineData("values")]
    public async Task WhatIsLearnedOfTheRowsBefore_IsThatOfTheSameRowsInMemory(string what)
    {
        var rows = new InMemoryRows(4, 1);
        string file = Write("rows.csv", 5000, rows);
        Loss loss = what == "values" ? new HuberLoss() : new SoftmaxCrossEntropy();
        MlpTrainingOptions options = SmallTraining.Of("plain").Options with { NumberOfEpochs = 1, BatchSize = 512 };
        options = what switch
        {
            "robust" => options with { FeatureScaling = FeatureScaling.Robust, MissingIndicators = true },
            "whitened" => options with { FeatureScaling = FeatureScaling.WhitenPca() },
            "embedded" => options with { NumericEmbedding = new PiecewiseLinearEmbedding() },
            _ => options,
        };
        var architecture = new MlpArchitecture(4, what == "values" ? 1 : 3) { HiddenLayers = [new(8)] };
        await using Silos silos = await Silos.Start(2, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();
        ClusterRows opened = runner.OpenFiles([file], new RowFileFormat([2, 0, 5, 3], 4) { WeightColumn = 6, Separator = ';' });

        MlpTrainingResult found = await Task.Run(() => MlpTrainer.Train(new(architecture, loss, opened) { Options = options, Cluster = runner }));

        SmallTraining.Same(MlpTrainer.Train(new(architecture, loss, rows) { Options = options }), found);
    }

    /// <summary>A row that the loss does not know is found on the silo, and named as it is here; nothing is left there.</summary>
    [Fact]
    public async Task RowThatTheTaskCannotUse_IsNamed()
    {
        await File.WriteAllLinesAsync(_folder.Path("bad.csv"), ["a;b", "1;0", "2;1", "3;7"]);
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        OrleansRunner runner = silos.Runner();
        ClusterRows rows = runner.OpenFiles(["bad.csv"], new RowFileFormat([0], 1) { Separator = ';' });
        var inMemory = new InMemoryRows(1, 1);
        inMemory.Add([1], [0]);
        inMemory.Add([2], [1]);
        inMemory.Add([3], [7]);
        var architecture = new MlpArchitecture(1, 3) { HiddenLayers = [new(4)] };
        var expected = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), inMemory)));

        var refused = await Assert.ThrowsAsync<TrainingRunnerException>(() => Task.Run(() => MlpTrainer.Train(
            new(architecture, new SoftmaxCrossEntropy(), rows) { Cluster = runner })));

        Assert.Contains(expected.Message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1;2;x;4;0;6;1", "Column 2", "row 2", "'x'")]
    [InlineData("1;2;3;4;;6;1", "Column 4", "row 2", "missing")]
    [InlineData("1;2;3", "Column 3", "row 2", "no such column")]
    public async Task DamagedRow_IsNamed(string line, params string[] parts)
    {
        await File.WriteAllLinesAsync(_folder.Path("bad.csv"), ["a;b;c;d;e;f;g", "1;2;3;4;0;6;1", line]);
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("") });
        ClusterRows rows = silos.Runner().OpenFiles(["bad.csv"], new RowFileFormat([2, 0, 5, 3], 4) { WeightColumn = 6, Separator = ';' });

        Exception refused = Assert.ThrowsAny<Exception>(() => rows.Gather([0], new RowBatch(rows)));

        Assert.All(parts, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        Assert.Contains("bad.csv", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileOutsideOfTheFolder_OrNowhere_IsRefused()
    {
        await using Silos silos = await Silos.Start(1, _ => new ClusterTrainingOptions { RowFileFolder = _folder.Path("rows") });
        var format = new RowFileFormat([0], 1);
        OrleansRunner runner = silos.Runner();

        foreach (string path in new[] { "../other.csv", "/etc/hostname", "none.csv" })
        {
            string message = Assert.Throws<TrainingRunnerException>(() => runner.OpenFiles([path], format)).Message;
            Assert.Contains(Path.GetFileName(path), message, StringComparison.Ordinal);
        }

        await using Silos without = await Silos.Start(1);
        Assert.Contains("RowFileFolder", Assert.Throws<TrainingRunnerException>(() => without.Runner().OpenFiles(["none.csv"], format)).Message,
            StringComparison.Ordinal);
    }

    private static ClusterRows Opened(OrleansRunner runner, IEnumerable<string> files, int[] targets) =>
        runner.OpenFiles(files, new RowFileFormat([2, 0, 5, 3], targets) { WeightColumn = 6, Separator = ';' });

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes rows, and adds them to those in memory.</summary>
    private string Write(string name, int count, InMemoryRows rows)
    {
        var random = new Random(count);
        var lines = new List<string> { "b;unused;a;d;label;c;weight;first;second;third" };
        for (int i = 0; i < count; i++)
        {
            float[] x = [.. Enumerable.Range(0, 4).Select(_ => (float)Math.Round(random.NextDouble() - 0.5, 6))];
            x[3] = i % 7 == 0 ? float.NaN : x[3];
            float label = x[0] + x[1] > 0 ? x[2] > 0 ? 2 : 1 : 0, weight = 1 + i % 3;
            float[] shares = [.. Enumerable.Range(0, 3).Select(k => k == (int)label ? 0.75f : 0.125f)];
            rows.Add(x, rows.TargetCount == 3 ? shares : [label], weight);
            string last = float.IsNaN(x[3]) ? "" : x[3].ToString("R", CultureInfo.InvariantCulture);
            lines.Add(Invariant($"{x[1]:R};text;{x[0]:R};{last};{label};{x[2]:R};{weight};{shares[0]:R};{shares[1]:R};{shares[2]:R}"));
        }

        File.WriteAllText(_folder.Path(name), string.Join("\r\n", lines) + (count % 2 == 0 ? "\r\n" : ""));
        return name;
    }
}
