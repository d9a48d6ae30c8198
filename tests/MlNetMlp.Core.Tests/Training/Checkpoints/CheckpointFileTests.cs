using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>What the file is worth: damaged ones are refused, unwritable places named, and nothing is ever half written.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private const int Header = 20, Hash = 32;

    private static readonly Loss _loss = new SoftmaxCrossEntropy();
    private static readonly MlpArchitecture _architecture = new(4, 3) { HiddenLayers = [new(2)] };
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 5, BatchSize = 16, NumberOfThreads = 1, RunningLossBatches = 2 };
    private static readonly MlpTrainingOptions _ensemble = _options with { NumberOfEpochs = 1, Ensemble = Ensemble.Seeds(3) };

    private readonly TemporaryFolder _folder = new();
    private readonly TrainingCheckpoint _checkpoint;

    public CheckpointFileTests() => _checkpoint = new(_folder.Path("c"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_CutAnywhere_IsRefused(bool ensemble)
    {
        byte[] bytes = ensemble ? Stopped(_ensemble, 2) : Stopped();
        for (int length = 0; length < bytes.Length; length += length < 64 || length > bytes.Length - 64 ? 1 : 17)
        {
            AssertRefused(bytes[..length], "cut short");
        }
    }

    [Fact]
    public void Find_AnyBitFlipped_IsRefused()
    {
        byte[] bytes = Stopped();
        for (int i = 0; i < bytes.Length; i += i < 64 || i > bytes.Length - 64 ? 1 : 7)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= (byte)(1 << (i % 8));
            AssertRefused(damaged, "");
        }

        AssertRefused([.. bytes, 0], "behind its checksum");
    }

    [Fact]
    public void Train_DamagedFile_IsRefusedBeforeAnyRowIsRead()
    {
        byte[] bytes = Stopped();
        bytes[^40] ^= 1;
        File.WriteAllBytes(_checkpoint.Path, bytes);
        var observed = new ObservedRows(SmallData.For(_loss, 40));
        string message = Assert.Throws<InvalidDataException>(() => MlpTrainer.Train(new(_architecture, _loss, observed)
        {
            Options = _options with { Checkpoint = _checkpoint },
        })).Message;
        Assert.Contains("checkpoint is damaged", message, StringComparison.Ordinal);
        Assert.Contains(_checkpoint.Path, message, StringComparison.Ordinal);
        Assert.Empty(observed.Requests);
        Assert.Equal(bytes, File.ReadAllBytes(_checkpoint.Path));
    }

    [Fact]
    public void Train_CheckpointOfAnEarlierVersion_IsRefusedByNameAndKept()
    {
        byte[] bytes = Stopped();
        BitConverter.GetBytes(1).CopyTo(bytes, 8);
        File.WriteAllBytes(_checkpoint.Path, bytes);

        string message = Assert.Throws<InvalidDataException>(() => Train()).Message;

        Assert.Contains("written by an earlier release of MlNetMlp, in version 1 of the format", message, StringComparison.Ordinal);
        Assert.Contains("Finish the training with the release that began it", message, StringComparison.Ordinal);
        Assert.Contains(_checkpoint.Path, message, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(_checkpoint.Find).Message);
        Assert.Equal(bytes, File.ReadAllBytes(_checkpoint.Path));
        Assert.Equal(["c"], _folder.Files);
    }

    [Fact]
    public void Find_CheckpointOfALaterVersion_SaysWhichIsRead()
    {
        byte[] bytes = Stopped();
        BitConverter.GetBytes(5).CopyTo(bytes, 8);

        AssertRefused(bytes, "version 5 of the format; this release reads versions 4 to 4");
    }

    /// <summary>With a checksum that is right: the sizes themselves are doubted.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_AnyNumberReplaced_IsReadOrRefusedButNeverWorse(bool ensemble)
    {
        byte[] bytes = ensemble ? Stopped(_ensemble, 2) : Stopped();
        int refused = 0;
        for (int i = Header; i < bytes.Length - Hash - 3; i += ensemble ? 7 : 3)
        {
            foreach (int number in new[] { int.MaxValue, -1 })
            {
                byte[] damaged = [.. bytes];
                BitConverter.GetBytes(number).CopyTo(damaged, i);
                SHA256.HashData(damaged.AsSpan(0, damaged.Length - Hash)).CopyTo(damaged, damaged.Length - Hash);
                File.WriteAllBytes(_checkpoint.Path, damaged);
                refused += Record.Exception(_checkpoint.Find) switch
                {
                    null => 0,
                    InvalidDataException => 1,
                    Exception other => throw new InvalidOperationException($"Byte {i}: {other.Message}", other),
                };
            }
        }

        Assert.True(refused > 300, refused.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Train_BuffersOfAnotherSize_AreRefused()
    {
        Stopped();
        var file = new CheckpointFile(_checkpoint.Path);
        CheckpointContent content = file.Load()!;
        foreach (CheckpointContent wrong in new[]
        {
            content with { Buffers = [.. content.Buffers.Skip(1)] },
            content with { Buffers = [.. content.Buffers.Select(buffer => buffer with { Values = new AlignedBuffer(buffer.Values.Length + 1) })] },
            content with { Buffers = [.. content.Buffers.Select(buffer => buffer with { Name = "x" })] },
        })
        {
            file.Save(wrong);
            Assert.Contains("its buffers are not those", Assert.Throws<InvalidDataException>(() => Train()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Find_SomethingElse_SaysSo()
    {
        File.WriteAllBytes(_checkpoint.Path, SmallData.Saved(RandomModels.Named("linear, softmax")));
        AssertRefused(File.ReadAllBytes(_checkpoint.Path), "This is not a checkpoint");
    }

    [Fact]
    public void Save_ThenLoad_KeepsEveryPartOfAReport()
    {
        var random = new Random(1);
        EpochReport report = new()
        {
            Epoch = 1,
            NumberOfEpochs = 9,
            TrainingLoss = random.NextDouble(),
            ValidationLoss = random.NextDouble(),
            ValidationMetric = random.NextDouble(),
            LearningRate = random.NextSingle(),
            GradientNorm = random.NextDouble(),
            Elapsed = new TimeSpan(12345),
            IsBest = true
        };

        // Whatever else a report has, set by its name.
        foreach (PropertyInfo property in typeof(EpochReport).GetProperties().Where(property => property.CanWrite && property.GetValue(report) is 0.0))
        {
            property.SetValue(report, random.NextDouble());
        }

        Assert.All(typeof(EpochReport).GetProperties().Where(property => property.GetValue(report) is 1 && property.Name != "Epoch"),
            property => property.SetValue(report, 3));
        EpochReport unvalidated = report with
        {
            Epoch = 2,
            ValidationLoss = null,
            ValidationMetric = null,
            GradientNorm = double.PositiveInfinity,
            IsBest = false
        };
        var file = new CheckpointFile(_checkpoint.Path);
        float[] odd = [float.NaN, float.NegativeInfinity, -0f, BitConverter.Int32BitsToSingle(0x7FA00001), float.Epsilon];
        var buffer = new OptimizerState("odd", new AlignedBuffer(odd.Length));
        odd.CopyTo(buffer.Values.Span);
        var fingerprint = new TrainingFingerprint(new Dictionary<string, string> { ["NumberOfEpochs"] = "9", ["Seed"] = "-4", ["ä"] = "" });
        FinishedMember[] finished =
        [
            new([report with { Member = 1 }], 1, false, TrainingEnd.Converged, [1, 2]),
            new([report with { Member = 2, NumberOfEpochs = 8 }, unvalidated with { Member = 2, NumberOfEpochs = 8 }], 0, true,
                TrainingEnd.StoppedEarly, [-0f]),
        ];
        file.Save(new CheckpointContent(fingerprint, finished, [report, unvalidated], 1L << 40, [buffer, new("none", new AlignedBuffer(0))]));

        CheckpointContent loaded = file.Load()!;
        Assert.DoesNotContain(typeof(EpochReport).GetProperties(), property => property.GetValue(report) is 0.0);
        Assert.Equal([report, unvalidated], loaded.History);
        Assert.Equal(1L << 40, loaded.Steps);
        foreach ((FinishedMember expected, FinishedMember member) in finished.Zip(loaded.Finished, (a, b) => (a, b)))
        {
            Assert.Equal(expected.History, member.History);
            Assert.Equal(Bits.Of(expected.Values), Bits.Of(member.Values));
            Assert.Equal(expected with { History = [], Values = [] }, member with { History = [], Values = [] });
        }

        Assert.Equal(2, loaded.Finished.Count);
        Assert.Equal(["odd", "none"], loaded.Buffers.Select(state => state.Name));
        Assert.Equal(Bits.Of(odd), Bits.Of(loaded.Buffers[0].Values.Span));
        Assert.Equal(fingerprint.Entries, loaded.Fingerprint.Entries);
        Assert.Equal(new CheckpointSummary { Epoch = 2, NumberOfEpochs = 9, Elapsed = new TimeSpan(12345), Seed = -4, Member = 3, Members = 3 },
            _checkpoint.Find());
    }

    [Fact]
    public void Train_PlaceThatCannotBeWritten_IsNamedBeforeAnyRowIsRead()
    {
        File.WriteAllText(_folder.Path("file"), "");
        Directory.CreateDirectory(_folder.Path("folder"));
        foreach (string name in new[] { Path.Combine("missing", "c"), Path.Combine("file", "c"), "folder" })
        {
            var observed = new ObservedRows(SmallData.For(_loss, 40));
            string path = _folder.Path(name);
            string message = Assert.Throws<IOException>(
                () => MlpTrainer.Train(new(_architecture, _loss, observed) { Options = _options with { Checkpoint = new(path) } })).Message;
            Assert.StartsWith($"The checkpoint '{path}' cannot be written: ", message, StringComparison.Ordinal);
            Assert.Empty(observed.Requests);
        }

        Assert.Equal(["file", "folder"], _folder.Files);
    }

    [Fact]
    public void Train_PlaceThatIsLost_IsNamedAndTheFileStaysWhole()
    {
        string inside = _folder.Path("folder"), away = _folder.Path("away"), path = Path.Combine(inside, "c");
        MlpTrainingOptions options = _options with { Checkpoint = new(path) };
        Directory.CreateDirectory(inside);
        string message = Assert.Throws<IOException>(() => MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40))
        {
            Options = options,
            Progress = new ImmediateProgress(report =>
            {
                if (report.Epoch == 3)
                {
                    // Nothing can be written there any more.
                    Directory.Move(inside, away);
                }
            }),
        })).Message;
        Assert.StartsWith($"The checkpoint '{path}' cannot be written: ", message, StringComparison.Ordinal);
        Directory.Move(away, inside);
        Assert.Equal(3, options.Checkpoint.Find()!.Epoch);

        Assert.Equal(5, MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40)) { Options = options }).History.Count);
        Assert.Empty(Directory.GetFileSystemEntries(inside));
    }

    [Fact]
    public void Save_ThatFailsHalfWay_LeavesTheOldFileAndItsLitterIsRemoved()
    {
        byte[] before = Stopped();
        var file = new CheckpointFile(_checkpoint.Path);
        CheckpointContent content = file.Load()!;

        // The last of the buffers has no name, which is noticed when all that comes before it has been counted.
        Assert.ThrowsAny<Exception>(() => file.Save(content with { Buffers = [.. content.Buffers, new OptimizerState(null!, new AlignedBuffer(1))] }));
        File.WriteAllBytes(LeftFile.NewPath(_folder), before[..100]);
        Assert.Equal(before, File.ReadAllBytes(_checkpoint.Path));

        new CheckpointFile(_checkpoint.Path).Probe();
        Assert.Equal(["c"], _folder.Files);
        Train();
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void Train_CurrentDirectoryChanged_KeepsToItsFile()
    {
        // Without touching the directory of this process: a path is made absolute once.
        var file = new CheckpointFile("some-checkpoint");
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "some-checkpoint"), file.FullPath);
    }

    [Fact]
    public void Train_FileThatCannotBeDeleted_StillReturnsTheModel()
    {
        // In the place of the file, a folder that is not empty.
        MlpTrainingResult result = Train(report =>
        {
            if (report.Epoch == 5)
            {
                File.Delete(_checkpoint.Path);
                Directory.CreateDirectory(Path.Combine(_checkpoint.Path, "x"));
            }
        });
        Assert.Equal(TrainingEnd.Completed, result.End);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Constructor_NoPath_IsRefused(string? path) => Assert.ThrowsAny<ArgumentException>(() => new TrainingCheckpoint(path!));

    [Fact]
    public void EveryEpochs_BelowOne_IsRefused() =>
        Assert.Contains("EveryEpochs must be greater than 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingCheckpoint("c") { EveryEpochs = 0 }).Message, StringComparison.Ordinal);

    private void AssertRefused(byte[] bytes, string because)
    {
        File.WriteAllBytes(_checkpoint.Path, bytes);
        string message = Assert.Throws<InvalidDataException>(_checkpoint.Find).Message;
        Assert.Contains(because, message, StringComparison.Ordinal);
        Assert.Contains(_checkpoint.Path, message, StringComparison.Ordinal);
    }

    /// <summary>The checkpoint of a training that was stopped after its second epoch.</summary>
    private byte[] Stopped() => Stopped(_options, 2);

    /// <summary>The checkpoint of a training that was stopped after so many epochs.</summary>
    private byte[] Stopped(MlpTrainingOptions options, int epochs)
    {
        int reports = 0;
        Assert.Throws<TimeoutException>(() => Train(_ => Throw(++reports == epochs), options));
        return File.ReadAllBytes(_checkpoint.Path);

        static void Throw(bool now)
        {
            if (now)
            {
                throw new TimeoutException();
            }
        }
    }

    private MlpTrainingResult Train(Action<EpochReport>? onEpoch = null, MlpTrainingOptions? options = null) =>
        MlpTrainer.Train(new(_architecture, _loss, SmallData.For(_loss, 40))
        {
            Options = (options ?? _options) with { Checkpoint = _checkpoint },
            Progress = new ImmediateProgress(onEpoch ?? (_ => { })),
        });
}
