using MlNetMlp.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Trainings on sparse rows against those on the same rows made dense, without centring and with an optimizer that has no memory: the bits
/// are the same.
/// </summary>
public sealed class SparseTrainingTests : IDisposable
{
    private const int Features = 40;

    private static readonly MlpTrainingOptions _options = new()
    {
        Optimizer = new Sgd(),
        LearningRate = 0.1f,
        NumberOfEpochs = 3,
        BatchSize = 16,
        Seed = 6,
        FeatureScaling = FeatureScaling.None,
        OutputBiasFromTargets = false,
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Networks =>
        ["linear", "hidden", "batch normalization", "layer normalization", "input dropout", "prelu", "maxout", "training set statistics"];

    public static TheoryData<string> Losses => ["softmax", "sigmoid", "squared", "weighted softmax"];

    public static TheoryData<string, MlpTrainingOptions> Settings => new()
    {
        { "no shuffle", _options with { Shuffle = false } },
        { "clipping", _options with { GradientClipping = GradientClipping.ByValue(0.01f) } },
        { "max norm", _options with { Constraint = new MaxNorm(0.3f) } },
        { "balanced", _options with { ClassBalancedBatches = true } },
        { "bagging", _options with { Ensemble = Ensemble.Bagging(2) } },
        { "early stopping", _options with { EarlyStopping = new EarlyStopping { Patience = 1 }, NumberOfEpochs = 20 } },
        { "full batch", _options with { Optimizer = new Lbfgs(), LearningRate = 1, BatchSize = null } },
        { "resilient", _options with { Optimizer = new Rprop(), LearningRate = 0.01f, BatchSize = 1000 } },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Train_AnyNetwork_HasTheBitsOfTheDenseTraining(string name) => AssertSameAsDense(Network(name), new SoftmaxCrossEntropy(), _options);

    [Theory]
    [MemberData(nameof(Losses))]
    public void Train_AnyLoss_HasTheBitsOfTheDenseTraining(string name)
    {
        Loss loss = name switch
        {
            "softmax" => new SoftmaxCrossEntropy(),
            "sigmoid" => new SigmoidCrossEntropy(),
            "squared" => new SquaredError(),
            _ => new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced },
        };
        AssertSameAsDense(Network("hidden", loss is SigmoidCrossEntropy ? 1 : 3), loss, loss is SquaredError ? _options with { LearningRate = 0.02f }
            : _options);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Train_AnySetting_HasTheBitsOfTheDenseTraining(string what, MlpTrainingOptions options)
    {
        Assert.NotEmpty(what);
        AssertSameAsDense(options.Optimizer is Lbfgs ? WithoutPenalties(Network("hidden")) : Network("hidden"), new SoftmaxCrossEntropy(), options);
    }

    [Fact]
    public void Train_FullBatchOfSeveralBlocks_HasTheBitsOfTheDenseTraining() =>
        // Rows pass in blocks of 200, each of which has other features: nothing may be left of the block before.
        AssertSameAsDense(
            WithoutPenalties(Network("hidden")), new SoftmaxCrossEntropy(), _options with
            {
                Optimizer = new Lbfgs(),
                LearningRate = 1,
                BatchSize = null
            }, 400, 0.005f);

    [Fact]
    public void Train_SeveralThreadsAndKernels_SavesTheSameBytes()
    {
        MlpArchitecture architecture = new(3000, 3) { InputDropout = 0.1f, HiddenLayers = [new(70) { Normalization = Normalization.Batch }] };
        MlpTrainingOptions options = _options with
        {
            Optimizer = new AdamW(),
            LearningRate = 0.01f,
            BatchSize = 96,
            L1Regularization = 1e-4f,
            L2Regularization = 1e-3f,
            FeatureScaling = FeatureScaling.Standardize
        };
        SparseRows rows = SparseData.For(new SoftmaxCrossEntropy(), 200, 3000, 0.02f).Sparse;
        byte[] expected = Saved(options with { NumberOfThreads = 1 });
        Assert.Equal(expected, Saved(options with { NumberOfThreads = 3 }));
        foreach (KernelSet kernel in Enum.GetValues<KernelSet>().Where(InstructionSet.IsSupported))
        {
            using (InstructionSet.Force(kernel))
            {
                Assert.Equal(expected, Saved(options with { NumberOfThreads = 2 }));
            }
        }

        byte[] Saved(MlpTrainingOptions own) => SmallData.Saved(MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), rows)
        {
            UsesAllThreads = true,
            Options = own,
        }).Model);
    }

    [Fact]
    public void Train_ValidationOfEitherKind_JudgesTheSame()
    {
        var loss = new SoftmaxCrossEntropy();
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, 30, seed: 2);
        SparseRows training = SparseData.For(loss, 60).Sparse;
        MlpTrainingOptions options = _options with { FeatureScaling = FeatureScaling.Standardize };
        MlpTrainingResult one = MlpTrainer.Train(new(Network("batch normalization"), loss, training) { Validation = sparse, Options = options });
        MlpTrainingResult other = MlpTrainer.Train(new(Network("batch normalization"), loss, training) { Validation = dense, Options = options });
        Assert.Equal(one.History.Select(report => report.ValidationLoss), other.History.Select(report => report.ValidationLoss));
        Assert.Equal(SmallData.Saved(one.Model), SmallData.Saved(other.Model));
    }

    [Fact]
    public void Train_StoppedAndContinued_IsTheUninterruptedOne()
    {
        var loss = new SoftmaxCrossEntropy();
        SparseRows rows = SparseData.For(loss, 60, alter: (i, x) => x[0] = i == 59 ? 2 : x[0]).Sparse;
        MlpTrainingOptions options = _options with
        {
            Optimizer = new AdamW(),
            LearningRate = 0.01f,
            NumberOfEpochs = 5,
            FeatureScaling = FeatureScaling.Standardize,
        };
        byte[] whole = SmallData.Saved(MlpTrainer.Train(new(Network("hidden"), loss, rows) { Options = options }).Model);
        MlpTrainingOptions kept = options with { Checkpoint = new(_folder.Path("c")) };
        Assert.Throws<TimeoutException>(() => MlpTrainer.Train(new(Network("hidden"), loss, rows)
        {
            Options = kept,
            Progress = new ImmediateProgress(report => _ = report.Epoch == 3 ? throw new TimeoutException() : 0),
        }));
        Assert.Equal(3, kept.Checkpoint.Find()!.Epoch);

        // The same, but for the place of one value.
        SparseRows others = SparseData.For(loss, 60, alter: (i, x) => x[i == 59 ? 1 : 0] = i == 59 ? 2 : x[0]).Sparse;
        Assert.Throws<CheckpointMismatchException>(() => MlpTrainer.Train(new(Network("hidden"), loss, others) { Options = kept }));
        Assert.Equal(whole, SmallData.Saved(MlpTrainer.Train(new(Network("hidden"), loss, rows) { Options = kept }).Model));
    }

    [Fact]
    public void Train_FurtherFromADenseModel_KeepsItsUnitsAndItsBits()
    {
        var loss = new SoftmaxCrossEntropy();
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, 60);
        MlpTrainingOptions options = _options with { FeatureScaling = FeatureScaling.Standardize };
        MlpModel model = MlpTrainer.Train(new(Network("hidden"), loss, dense) { Options = options }).Model;
        MlpModel further = MlpTrainer.Train(new(Network("hidden"), loss, dense) { Options = options, InitialModel = model }).Model;
        MlpModel sparsely = MlpTrainer.Train(new(Network("hidden"), loss, sparse) { Options = options, InitialModel = model }).Model;
        Assert.Equal(SmallData.Saved(further), SmallData.Saved(sparsely));
        Assert.NotEqual(SmallData.Saved(model), SmallData.Saved(further));
    }

    [Fact]
    public void Train_ManyFeatures_AllocatesByTheNonZeros()
    {
        // Dense, the rows alone would be 2,000 x 50,000 x 4 bytes = 400 MB, and a mini-batch of 512 another 100.
        const int features = 50_000;
        var rows = new SparseRows(features, 1);
        for (int i = 0; i < 2000; i++)
        {
            rows.Add([i % 7, 10 + i, features - 1 - i], [1, 2, 3], [i % 2]);
        }

        MlpArchitecture architecture = new(features, 1) { InputDropout = 0.2f, HiddenLayers = [new(2)] };
        MlpTrainingOptions options = _options with
        {
            BatchSize = 512,
            Optimizer = new AdamW(),
            NumberOfThreads = 1,
            FeatureScaling = FeatureScaling.Standardize,
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        MlpTrainer.Train(new(architecture, new SigmoidCrossEntropy(), rows) { Options = options });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
    }

    [Fact]
    public void Train_WhatWouldTouchAllWeights_IsRefusedByName()
    {
        AssertRefused("InputNoise is 0.5", new(Features, 3) { InputNoise = 0.5f });
        AssertRefused("Residual", new(Features, 3) { HiddenLayers = [new(Features) { Residual = true }] });
        AssertRefused("DropConnect", new(Features, 3) { HiddenLayers = [new(4) { DropConnect = 0.5f }] });
        AssertRefused("WeightNormalization", new(Features, 3) { HiddenLayers = [new(4) { Normalization = Normalization.Weight }] });
        AssertRefused("CosineNormalization", new(Features, 3) { HiddenLayers = [new(4) { Normalization = Normalization.Cosine }] });
        AssertRefused("OrthogonalityRegularization of the first hidden layer is 0.5", new(Features, 3)
        {
            HiddenLayers = [new(4) { OrthogonalityRegularization = 0.5f }],
        }, _options);
        AssertRefused("OrthogonalityRegularization is 0.5", new(Features, 3), _options with { OrthogonalityRegularization = 0.5f });
        AssertRefused("Augmentation", new(Features, 3), _options with { Augmentation = Augmentation.Custom((row, random) => { }) });

        // The second layer may have all of it.
        HiddenLayer second = new(6) { Residual = true, DropConnect = 0.1f, Normalization = Normalization.Weight };
        Assert.Null(TrainingChecks.ProblemWithSparseRows(new(Features, 3) { HiddenLayers = [new(6), second] }, _options));
    }

    [Fact]
    public void Examinations_OfSparseRows_AreRefused()
    {
        var loss = new SoftmaxCrossEntropy();
        SparseRows rows = SparseData.For(loss, 20).Sparse;
        Assert.Contains("sparse", Assert.Throws<ArgumentException>(() => MlNetMlp.Diagnostics.GradientCheck.Run(new(new(Features, 3), loss, rows)
        {
            Options = _options,
        })).Message,
            StringComparison.Ordinal);
        Assert.Contains("sparse", Assert.Throws<ArgumentException>(() => Diagnosis.Run(new(new(Features, 3), loss, rows)
        {
            Options = _options,
        })).Message,
            StringComparison.Ordinal);
    }

    private static void AssertRefused(string option, MlpArchitecture architecture, MlpTrainingOptions? options = null)
    {
        SparseRows rows = SparseData.For(new SoftmaxCrossEntropy(), 20).Sparse;
        var exception = Assert.Throws<ArgumentException>(() => MlpTrainer.Train(new(architecture, new SoftmaxCrossEntropy(), rows)
        {
            Options = options ?? _options,
        }));
        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
    }

    private static void AssertSameAsDense(MlpArchitecture architecture, Loss loss, MlpTrainingOptions options, int rows = 60, float density = 0.1f)
    {
        (SparseRows sparse, InMemoryRows dense) = SparseData.For(loss, rows, density: density, outputs: architecture.OutputSize);
        MlpTrainingResult expected = MlpTrainer.Train(new(architecture, loss, dense) { Options = options });
        MlpTrainingResult actual = MlpTrainer.Train(new(architecture, loss, sparse) { Options = options });
        Assert.Equal(expected.Model.Members.Count, actual.Model.Members.Count);
        for (int i = 0; i < expected.Model.Members.Count; i++)
        {
            Assert.Equal(Bits.Of(expected.Model.Members[i].Values), Bits.Of(actual.Model.Members[i].Values));
        }

        Assert.Equal(expected.History.Select(report => report.TrainingLoss), actual.History.Select(report => report.TrainingLoss));
        Assert.All(expected.History.Zip(actual.History), pair => Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm,
            1e-9 * (1 + pair.First.GradientNorm)));
        Assert.True(expected.History[^1].TrainingLoss < expected.History[0].TrainingLoss);
    }

    /// <summary>L-BFGS takes no penalties on activations.</summary>
    private static MlpArchitecture WithoutPenalties(MlpArchitecture architecture) =>
        architecture with { HiddenLayers = [.. architecture.HiddenLayers.Select(layer => layer with { ActivityRegularization = 0 })] };

    private static MlpArchitecture Network(string name, int outputs = 3) => new(Features, outputs)
    {
        InputDropout = name == "input dropout" ? 0.3f : 0,
        HiddenLayers = name switch
        {
            "linear" => [],
            "batch normalization" => [new(9) { Normalization = Normalization.Batch }, new(9) { Residual = true }],
            "training set statistics" => [new(9) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
            "layer normalization" => [new(9) { Normalization = Normalization.Layer, Dropout = 0.2f }],
            "prelu" => [new(9) { Activation = Activation.PRelu() }],
            "maxout" => [new(9) { Activation = Activation.Maxout() }],
            _ => [new(9) { Activation = Activation.Tanh, Noise = 0.1f, ActivityRegularization = 0.01f }, new(5)],
        },
    };
}
