using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search.Remote;

/// <summary>Options that are sent to another process are the same there, or are refused.</summary>
public sealed class SettingsTests
{
    /// <summary>What the short lists of random options do not have.</summary>
    private static readonly MlpTrainerOptions[] _rare =
    [
        new MlpBinaryTrainer.Options(),
        new MlpBinaryTrainer.Options
        {
            LabelColumnName = "Größe, \u4e2d", Effort = Effort.Best, ValidationFraction = 0.25f, SparseFeatures = false, BatchSize = null, Seed = int.MinValue,
            LearningRate = Schedule.Stages(0.1f, (2.5, 0.01f), (4, 0.001f)), EarlyStopping = new() { MinDelta = 1e-300, Patience = null },
            Loss = new SigmoidCrossEntropy { LabelSmoothing = float.Epsilon, ClassWeights = ClassWeights.Of(0.1f, 3) },
            HiddenLayers = [], RowStorage = RowStorage.Automatic(1L << 40),
        },
        new MlpMulticlassTrainer.Options
        {
            Loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }, MonteCarloDropout = new() { Passes = 7 },
            Augmentation = new ImageAugmentation(4, 2) { Rotation = 3, Background = -0f }, HiddenLayers =
            [
                new(3) { Activation = Activation.PRelu(-0f), Normalization = new BatchRenormalization { WarmupSteps = 9 } },
                new(4) { Activation = Activation.Maxout(3), WeightInitializer = Initializer.Sparse(2, 0.5f), Residual = true },
            ],
        },
        new MlpRegressionTrainer.Options { Ensemble = Ensemble.Bagging(3, validatesOutOfBag: true).Of(Ensemble.Shared(4)) },
        new MlpRegressionTrainer.Options { Ensemble = Ensemble.Shared(9).PrunedTo(3) },
        new MlpBinaryTrainer.Options { Ensemble = Ensemble.CrossFitted(3).Of(Ensemble.Shared(4).PrunedTo(1)) },
        new MlpRegressionTrainer.Options { RateFactors = new() { Biases = 0.1f, LayerDecay = 0.5f }, DecayFactors = new() { Embeddings = 0 } },
        new MlpRegressionTrainer.Options
        {
            Optimizer = new Lbfgs(), Ensemble = Ensemble.Shared(4), NumericEmbedding = NumericEmbedding.PiecewiseLinear(24),
            MaximumTrainingTime = TimeSpan.FromTicks(12345),
        },
    ];

    [Fact]
    public void Options_ThatAreRead_AreThoseThatWereWritten() => Property.Holds(RandomTrainer.All, 400, trainer =>
    {
        if (Property.Outcome(() => trainer.Options).Result is not { } options)
        {
            return false;
        }

        AssertSame(options);
        return true;
    });

    [Fact]
    public void RareOptions_AreThoseThatWereWritten() => Assert.All(_rare, AssertSame);

    [Fact]
    public void Bytes_AreTheSame_InWhateverOrderOptionsAreSet() => Assert.Equal(
        Write(new MlpBinaryTrainer.Options { NumberOfEpochs = 3, Ensemble = Ensemble.Seeds(2), MissingIndicators = true }),
        Write(new MlpBinaryTrainer.Options { MissingIndicators = true, Ensemble = Ensemble.Seeds(2), NumberOfEpochs = 3 }));

    [Fact]
    public void Watchers_AreLeftOut()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new MlpBinaryTrainer.Options { NumberOfEpochs = 4 };

        Assert.Equal(options, Read(Write(options with
        {
            Progress = new Synchronous<EpochReport>(_ => { }),
            CancellationToken = cancellation.Token,
        })));
    }

    [Fact]
    public void FunctionInAList_IsRefused_ByItsName()
    {
        var options = new MlpRegressionTrainer.Options
        {
            Augmentation = Augmentation.Sequence(new ImageAugmentation(2, 2), Augmentation.Custom((_, _) => { })),
        };

        string message = Assert.Throws<NotSupportedException>(() => Write(options)).Message;

        Assert.StartsWith("The option Augmentation.Parts[1].Change is a function, which belongs to this program", message, StringComparison.Ordinal);
    }

    /// <summary>Values that no setter takes, written as if they had been taken.</summary>
    [Fact]
    public void RefusedValue_IsRefusedThere()
    {
        byte[] good = Write(new MlpBinaryTrainer.Options { NumberOfEpochs = 123_456_789, InputDropout = 0.123f });

        Assert.Contains("NumberOfEpochs must be", Assert.Throws<InvalidDataException>(() => Read(With(good, 123_456_789, -1))).Message,
            StringComparison.Ordinal);
        Assert.Contains("InputDropout", Assert.Throws<InvalidDataException>(() => Read(With(good, BitConverter.SingleToInt32Bits(0.123f),
            BitConverter.SingleToInt32Bits(1.5f)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MutatedOptions_AreReadOrRefused()
    {
        byte[][] originals = [.. _rare.Select(Write)];
        int refused = 0;
        for (int number = 0; number < 2000; number++)
        {
            try
            {
                Read(Mutations.OfBytes(originals[number % originals.Length], 1, number));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 1999);
    }

    private static void AssertSame(MlpTrainerOptions options)
    {
        try
        {
            byte[] bytes = Write(options);
            MlpTrainerOptions read = Read(bytes);
            Assert.Equal(options, read);
            Assert.Equal(options.ToString(), read.ToString());

            // Also what a comparison does not look at: which options were set.
            Assert.Equal(bytes, Write(read));
        }
        catch (NotSupportedException exception)
        {
            Assert.True(options.Metric is not null || options.ToString().Contains("Custom", StringComparison.Ordinal), exception.Message);
        }
    }

    private static byte[] Write(MlpTrainerOptions options)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        new SettingsWriter(writer).Write("", options);
        return stream.ToArray();
    }

    private static MlpTrainerOptions Read(byte[] bytes) => new SettingsReader(new BoundedReader(bytes, "options")).Read<MlpTrainerOptions>("options");

    private static byte[] With(byte[] bytes, int old, int value)
    {
        byte[] changed = [.. bytes];
        BitConverter.TryWriteBytes(changed.AsSpan(bytes.AsSpan().IndexOf(BitConverter.GetBytes(old))), value);
        return changed;
    }
}
