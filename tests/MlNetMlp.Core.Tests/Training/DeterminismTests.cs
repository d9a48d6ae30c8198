using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The same seed, data and options give the same bytes, whatever the machine does meanwhile.</summary>
public class DeterminismTests
{
    private static readonly MlpArchitecture _architecture = new(40, 3)
    {
        InputDropout = 0.1f,
        InputNoise = 0.1f,
        HiddenLayers =
        [
            new(200) { Normalization = Normalization.Batch, Dropout = 0.3f }, new(70) { Activation = Activation.Tanh, Noise = 0.1f, DropConnect = 0.2f },
            new(70) { Normalization = Normalization.Layer, Residual = true, ActivityRegularization = 0.01f },
            new(70) { Normalization = Normalization.Weight, Activation = Activation.PRelu(), Residual = true },
            new(50) { Normalization = new BatchRenormalization { WarmupSteps = 2, ScaleRampSteps = 3, ShiftRampSteps = 3 }, Activation = Activation.Maxout() },
            new(50) { Normalization = Normalization.Cosine, Residual = true },
        ],
    };

    private static readonly MlpTrainingOptions _options = new()
    {
        NumberOfEpochs = 3,
        BatchSize = 96,
        NumberOfThreads = 1,
        Seed = 7,
        L1Regularization = 1e-5f,
        OrthogonalityRegularization = 1e-4f
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_AnyNumberOfThreads_SavesTheSameBytes(int threads) => Assert.Equal(Train(_options), Train(_options with { NumberOfThreads = threads }));

    [Fact]
    public void Train_AnyKernels_SavesTheSameBytes()
    {
        byte[] expected = Train(_options);
        foreach (KernelSet kernel in Enum.GetValues<KernelSet>().Where(InstructionSet.IsSupported))
        {
            using (InstructionSet.Force(kernel))
            {
                Assert.Equal(expected, Train(_options));
            }
        }
    }

    /// <summary>Large enough that the optimizer's step and the passes over layers are shared out as well as the products.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_WideLayers_SaveTheSameBytesOnAnyNumberOfThreads(int threads)
    {
        var wide = new MlpArchitecture(40, 3) { HiddenLayers = [new(600) { Dropout = 0.3f }, new(520) { Activation = Activation.Gelu, Dropout = 0.1f }] };
        MlpTrainingOptions options = _options with { NumberOfEpochs = 1, OrthogonalityRegularization = 0, L2Regularization = 1e-4f };
        Assert.Equal(Train(options, wide), Train(options with { NumberOfThreads = threads }, wide));
    }

    /// <summary>So many steps that other numbers of threads are tried on the way.</summary>
    [Fact]
    public void Train_OnAsManyThreadsAsAreWorthIt_SavesTheSameBytes()
    {
        MlpTrainingOptions options = _options with { NumberOfEpochs = 20, BatchSize = 16 };
        Assert.Equal(Train(options), Train(options with { NumberOfThreads = 4 }, usesAllThreads: false));
    }

    [Fact]
    public void Train_OtherSeed_SavesOtherBytes() => Assert.NotEqual(Train(_options), Train(_options with { Seed = 8 }));

    [Fact]
    public void Train_WithValidationRows_LearnsTheSame()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 100, 40);
        MlpTrainingResult without = MlpTrainer.Train(new(_architecture, loss, rows) { Options = _options });
        MlpTrainingResult with = MlpTrainer.Train(new(_architecture, loss, rows)
        {
            Validation = SmallData.For(loss, 30, 40, seed: 2),
            Options = _options,
        });
        Assert.Equal(without.History.Select(report => report.TrainingLoss), with.History.Select(report => report.TrainingLoss));
    }

    [Fact]
    public void Train_TwoAtOnce_DoNotDisturbEachOther()
    {
        byte[] expected = Train(_options);
        byte[][] results = new byte[3][];
        Parallel.For(0, results.Length, i => results[i] = Train(_options with { NumberOfThreads = i + 1 }));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    private static byte[] Train(MlpTrainingOptions options, MlpArchitecture? architecture = null, bool usesAllThreads = true)
    {
        var loss = new SoftmaxCrossEntropy();
        return SmallData.Saved(MlpTrainer.Train(new(architecture ?? _architecture, loss, SmallData.For(loss, 300, 40))
        {
            Options = options,
            UsesAllThreads = usesAllThreads,
        }).Model);
    }
}
