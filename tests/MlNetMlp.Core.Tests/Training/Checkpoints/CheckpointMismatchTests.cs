using System.Globalization;
using System.Reflection;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>A checkpoint of a training with anything else than the same settings and rows is refused, and what differs is named.</summary>
public sealed class CheckpointMismatchTests : IDisposable
{
    private static readonly SoftmaxCrossEntropy _loss = new();
    private static readonly MlpArchitecture _architecture = new(4,
        3)
    { HiddenLayers = [new(5), new(5) { Normalization = Normalization.Batch, Dropout = 0.25f }] };
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 4, BatchSize = 16, NumberOfThreads = 1 };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<MlpTrainingOptions, string> Options => new()
    {
        { _options with { NumberOfEpochs = 5 }, "NumberOfEpochs is 4 in the checkpoint and 5 now" },
        { _options with { BatchSize = 17 }, "BatchSize is 16 in the checkpoint and 17 now" },
        { _options with { BatchSize = null }, "BatchSize is 16 in the checkpoint and none now" },
        { _options with { Seed = 1 }, "Seed is 0 in the checkpoint and 1 now" },
        { _options with { Optimizer = new Sgd() }, "Optimizer is AdamW in the checkpoint and Sgd now" },
        { _options with { Optimizer = new AdamW { Beta2 = 0.9f } }, "Optimizer.Beta2 is 0.999 in the checkpoint and 0.9 now" },
        { _options with { LearningRate = 0.002f }, "LearningRate is CosineSchedule in the checkpoint and ConstantSchedule now" },
        { _options with { LearningRate = Schedule.Cosine(MathF.BitIncrement(0.002f)) }, "LearningRate.From is 0.002 in the checkpoint and 0.0020000003 now" },
        { _options with { L1Regularization = 0.5f }, "L1Regularization.Rate is 0 in the checkpoint and 0.5 now" },
        { _options with { L2Regularization = 0.5f }, "L2Regularization.Rate is 0 in the checkpoint and 0.5 now" },
        { _options with { DropoutSchedule = Schedule.Cosine(1) }, "DropoutSchedule is ConstantSchedule in the checkpoint and CosineSchedule now" },
        { _options with { OutputL1Regularization = 0 }, "OutputL1Regularization is none in the checkpoint and ConstantSchedule now" },
        { _options with { OutputConstraint = WeightConstraint.None }, "OutputConstraint is none in the checkpoint and NoConstraint now" },
        { _options with { RateFactors = new() { Scales = 0.5f } }, "RateFactors.Scales is 1 in the checkpoint and 0.5 now" },
        { _options with { DecayFactors = new() { FirstLayer = 0 } }, "DecayFactors.FirstLayer is 1 in the checkpoint and 0 now" },
        { _options with { Constraint = new MaxNorm(2) }, "Constraint is none in the checkpoint and MaxNorm now" },
        { _options with { WeightAveraging = WeightAveraging.Polyak() }, "WeightAveraging is none in the checkpoint and PolyakAveraging now" },
        { _options with { GradientClipping = GradientClipping.ByNorm(2) }, "GradientClipping is none in the checkpoint and ClipByNorm now" },
        { _options with { EarlyStopping = new() }, "EarlyStopping is none in the checkpoint and EarlyStopping now" },
        { _options with { Shuffle = false }, "Shuffle is True in the checkpoint and False now" },
        { _options with { FeatureScaling = FeatureScaling.None }, "FeatureScaling.Name is Standardize in the checkpoint and None now" },
        { _options with { MissingValues = InvalidValueHandling.Fail }, "MissingValues is Impute in the checkpoint and Fail now" },
        { _options with { InfiniteValues = InvalidValueHandling.Impute }, "InfiniteValues is Fail in the checkpoint and Impute now" },
        { _options with { RunningLossBatches = 7 }, "RunningLossBatches is 100 in the checkpoint and 7 now" },
    };

    public static TheoryData<MlpArchitecture, Loss, string> Networks => new()
    {
        { _architecture with { InputDropout = 0.5f }, _loss, "InputDropout is 0 in the checkpoint and 0.5 now" },
        { _architecture with { OutputInitializer = Initializer.He }, _loss, "OutputInitializer is none in the checkpoint and VarianceScaling now" },
        { _architecture with { HiddenLayers = [new(5)] }, _loss, "HiddenLayers.Count is 2 in the checkpoint and 1 now" },
        { _architecture with { HiddenLayers = [new(6), _architecture.HiddenLayers[1]] }, _loss, "HiddenLayers[0].Units is 5 in the checkpoint and 6 now" },
        { _architecture with { HiddenLayers = [new(5), _architecture.HiddenLayers[1] with { Dropout = 0 }] }, _loss,
            "HiddenLayers[1].Dropout is 0.25 in the checkpoint and 0 now" },
        {
            _architecture with { HiddenLayers = [new(5),
                _architecture.HiddenLayers[1] with { Normalization = new BatchNormalization { Momentum = 0.5f } }] }, _loss,
            "HiddenLayers[1].Normalization.Momentum is 0.1 in the checkpoint and 0.5 now"
        },
        { _architecture, new MulticlassHinge(), "Loss is SoftmaxCrossEntropy in the checkpoint and MulticlassHinge now" },
        { _architecture, _loss with { LabelSmoothing = 0.5f }, "Loss.LabelSmoothing is 0 in the checkpoint and 0.5 now" },
        { _architecture, _loss with { ClassWeights = ClassWeights.Of(1, 2, 3) }, "Loss.ClassWeights is none in the checkpoint and GivenClassWeights now" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Options))]
    public void Train_OtherOption_IsRefused(MlpTrainingOptions options, string difference)
    {
        Stop();
        Assert.Equal([difference], Refused(() => Train(_architecture, _loss, options)).Differences);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Train_OtherNetwork_IsRefused(MlpArchitecture architecture, Loss loss, string difference)
    {
        Stop();
        Assert.Contains(difference, Refused(() => Train(architecture, loss, _options)).Differences);
    }

    [Fact]
    public void Train_OtherRows_AreRefused()
    {
        Stop();
        InMemoryRows longer = SmallData.For(_loss, 41), another = SmallData.For(_loss, 40, seed: 5), heavier = new(4, 1);
        for (int i = 0; i < 40; i++)
        {
            (float[] x, float[] y) = SmallData.Row(_loss, i);
            heavier.Add(x, y, i == 39 ? 1.5f : 1);
        }

        Assert.StartsWith("TrainingRows is 40 in the checkpoint and 41 now",
            Assert.Single(Refused(() => Train(_architecture, _loss, _options, longer)).Differences), StringComparison.Ordinal);
        foreach (InMemoryRows rows in new[] { another, heavier })
        {
            Assert.StartsWith("TrainingRows.Content is ", Assert.Single(Refused(() => Train(_architecture, _loss, _options, rows)).Differences),
                StringComparison.Ordinal);
        }

        Assert.Equal(["ValidationRows is none in the checkpoint and 5 now"],
            Refused(() => Train(_architecture, _loss, _options, validation: SmallData.For(_loss, 5))).Differences);
    }

    [Fact]
    public void Train_OtherInitialModel_IsRefused()
    {
        MlpModel first = Train(_architecture, _loss, _options).Model, second = Train(_architecture, _loss, _options with { Seed = 2 }).Model;
        Stop(first);
        Assert.StartsWith("InitialModel is ", Assert.Single(Refused(() => Train(_architecture, _loss, _options, initial: second)).Differences),
            StringComparison.Ordinal);
        Assert.EndsWith(" and none now", Assert.Single(Refused(() => Train(_architecture, _loss, _options)).Differences), StringComparison.Ordinal);
        Train(_architecture, _loss, _options, initial: first);
    }

    [Fact]
    public void Train_TargetsStandardizedOtherwise_IsRefused()
    {
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, 40);
        Assert.Throws<TimeoutException>(() => Train(_architecture, loss, _options, rows, onEpoch: _ => throw new TimeoutException()));

        Assert.Equal(["Loss.StandardizeTargets is True in the checkpoint and False now"],
            Refused(() => Train(_architecture, loss with { StandardizeTargets = false }, _options, rows)).Differences);
    }

    [Fact]
    public void Train_ManyDifferences_AreAllNamedAndTheFileStays()
    {
        Stop();
        byte[] before = File.ReadAllBytes(_folder.Path("c"));
        CheckpointMismatchException error = Refused(() => Train(_architecture, _loss, _options with
        {
            Seed = 5,
            L1Regularization = 1,
            Optimizer = new Momentum()
        }));
        Assert.Equal(3, error.Differences.Count);
        Assert.Equal(_folder.Path("c"), error.Path);
        Assert.Equal(
            $"The checkpoint '{_folder.Path("c")}' belongs to another training: L1Regularization.Rate is 0 in the checkpoint and 1 now; " +
            "Optimizer is AdamW in the checkpoint and Momentum now; " +
            "Seed is 0 in the checkpoint and 5 now. Give the options and data of that training to continue it, or delete the file to start anew.",
                error.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.Path("c")));
    }

    [Fact]
    public void Train_OtherCulture_Continues()
    {
        Stop();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "minus" } };
            Assert.Equal(4, Train(_architecture, _loss, _options).History.Count);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Add_PartsOfEveryKind_AreNamed()
    {
        var list = new SortedDictionary<string, string>(StringComparer.Ordinal);
        SettingList.Add(list, "S", Schedule.Warmup(1.5).Then(Schedule.Stages(0.1f, (2, 0.5f), (3.25, 1e-9f))));
        SettingList.Add(list, "W", ClassWeights.Of(1, 0.1f));
        SettingList.Add(list, "D", (Func<Random, int>)(random => random.Next()));
        SettingList.Add(list, "O", new Random(1));

        Assert.StartsWith("MlNetMlp.Core.Tests.CheckpointMismatchTests", list["D"], StringComparison.Ordinal);
        Assert.True(list.Remove("D"));
        Assert.Equal(
            [
                "O=Random", "S=WarmupSchedule", "S.Epochs=1.5", "S.Following=StagesSchedule", "S.Following.Changes.Count=2",
                "S.Following.Changes[0]=ValueTuple`2", "S.Following.Changes[0].Item1=2", "S.Following.Changes[0].Item2=0.5",
                "S.Following.Changes[1]=ValueTuple`2", "S.Following.Changes[1].Item1=3.25", "S.Following.Changes[1].Item2=1E-09", "S.Following.From=0.1",
                "W=GivenClassWeights", "W.Weights.Count=2", "W.Weights[0]=1", "W.Weights[1]=0.1",
            ],
            list.Select(entry => $"{entry.Key}={entry.Value}"));
    }

    /// <summary>From the options down, whatever a setting consists of is a setting, or else it would be named and not compared.</summary>
    [Fact]
    public void Settings_PartsOfTheLibrarysOwn_AreSettings()
    {
        Type[] all = [.. typeof(ISettings).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(ISettings)) && type != typeof(ISettings))];
        Assert.Contains(typeof(MlpTrainingOptions), all);
        Assert.Contains(typeof(MlpArchitecture), all);
        Assert.Contains(typeof(Loss), all);

        // The first is no part of what is compared; methods are named, and have arguments; models are compared by their parameters.
        Type[] others =
        [
            typeof(TrainingCheckpoint), typeof(RowAugmentation), typeof(LossFunction), typeof(OptimizerFunction), typeof(ScoredRows), typeof(EpochReport),
            typeof(MlpModel), .. all,
        ];
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Assert.Empty(all.SelectMany(type => type.GetFields(Own))
            .Where(field => Parts(field.FieldType).Any(part => part.Assembly == typeof(ISettings).Assembly && !part.IsEnum && !others.Contains(part)))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}"));

        static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
            : [type, .. type.GetGenericArguments().SelectMany(Parts)];
    }

    private void Stop(MlpModel? initial = null) => Assert.Throws<TimeoutException>(() => Train(_architecture, _loss, _options, initial: initial,
        onEpoch: _ => throw new TimeoutException()));

    private static CheckpointMismatchException Refused(Func<MlpTrainingResult> train) => Assert.Throws<CheckpointMismatchException>(train);

    private MlpTrainingResult Train(
        MlpArchitecture architecture, Loss loss, MlpTrainingOptions options, IRowSource? rows = null, IRowSource? validation = null,
            MlpModel? initial = null, Action<EpochReport>? onEpoch = null) =>
        MlpTrainer.Train(new(architecture, loss, rows ?? SmallData.For(_loss, 40))
        {
            Validation = validation,
            Options = options with { Checkpoint = new(_folder.Path("c")) },
            InitialModel = initial,
            Progress = new ImmediateProgress(onEpoch ?? (_ => { })),
        });
}
