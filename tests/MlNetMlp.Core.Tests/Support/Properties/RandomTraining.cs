using FsCheck;
using FsCheck.Fluent;

namespace MlNetMlp.Core.Tests.Properties;

/// <summary>A training with random options on random rows. Prints as what to write to have it again; shrinks to fewer options and rows.</summary>
internal sealed record RandomTraining(RandomRows Rows, Part<Loss> Loss, bool IsValidated, RandomLayer[] Layers, Change<MlpArchitecture>[] Shape,
    Change<MlpTrainingOptions>[] Options)
{
    public static Arbitrary<RandomTraining> All { get; } = Of(mostUnits: 9);

    /// <summary>Wide enough for two threads to share the work.</summary>
    public static Arbitrary<RandomTraining> Wide { get; } = Of(mostUnits: 200);

    /// <summary>Options that are no part of this; the seed is that of the rows.</summary>
    public static string[] OptionsNeverDrawn =>
    [
        .. Change.NeverSet(
            OptionChanges(1), nameof(MlpTrainingOptions.Seed), nameof(MlpTrainingOptions.NumberOfThreads), nameof(MlpTrainingOptions.Checkpoint),
                nameof(MlpTrainingOptions.ThrowOnCancellation), nameof(MlpTrainingOptions.MaximumTrainingTime), nameof(MlpTrainingOptions.TransferFrom)),
        .. Change.NeverSet(ShapeChanges, nameof(MlpArchitecture.HiddenLayers)),
    ];

    private MlpArchitecture Architecture => Change.Apply(new MlpArchitecture(Rows.Features, Outputs) { HiddenLayers = RandomLayer.Create(Layers) }, Shape);

    private int Outputs => Loss.Create() is BinaryLoss ? 1 : Rows.Classes;

    /// <summary>The training, ready to run: everything but the options is made once.</summary>
    /// <exception cref="ArgumentException">A value is refused where it is set.</exception>
    public InterruptedTraining Create()
    {
        Loss loss = Loss.Create();
        var options = new MlpTrainingOptions { NumberOfEpochs = 3, BatchSize = 8, NumberOfThreads = 1, Seed = Rows.Seed };
        return new(Architecture, loss, Change.Apply(options, Options))
        {
            Rows = Rows.Create(loss, Outputs),
            Groups = Rows.FindGroups(),
            Validation = IsValidated ? (Rows with { Seed = Rows.Seed + 1 }).Create(loss, Outputs, 7) : null,
        };
    }

    public override string ToString() => $"""

        {Rows}{(IsValidated ? ", validated" : "")}
        {Loss}
        {Change.Text($"[{string.Join(", ", Layers.AsEnumerable())}]", Shape)}
        {Change.Text("options", Options)}

        """;

    private static Arbitrary<RandomTraining> Of(int mostUnits) => Arb.From(
        from rows in RandomRows.Shapes
        from loss in Gen.OneOf(
            RandomParts.BinaryLosses.Select(part => new Part<Loss>(part.Text, part.Create)),
            RandomParts.MulticlassLosses(rows.Classes).Select(part => new Part<Loss>(part.Text, part.Create)),
            RandomParts.RegressionLosses.Select(part => new Part<Loss>(part.Text, part.Create)))
        from validated in RandomNumbers.Bool
        from layers in RandomLayer.Lists(mostUnits)
        from shape in Change.Some(ShapeChanges, 1, 6)
        from options in Change.Some(OptionChanges(rows.Features), 1, 5)
        select new RandomTraining(rows, loss, validated, layers, shape, options),
        Shrink);

    private static Gen<Change<MlpArchitecture>>[] ShapeChanges =>
    [
        Change.Of<MlpArchitecture, float>("InputDropout", RandomNumbers.Share, (shape, x) => shape with { InputDropout = x }),
        Change.Of<MlpArchitecture, float>("InputNoise", RandomNumbers.NonNegative, (shape, x) => shape with { InputNoise = x }),
        Change.Of<MlpArchitecture, Initializer>("OutputInitializer", RandomParts.Initializers, (shape, x) => shape with { OutputInitializer = x }),
        Change.Of<MlpArchitecture, int>("SharedMembers", RandomNumbers.Count(4), (shape, x) => shape with { SharedMembers = x }),
    ];

    private static Gen<Change<MlpTrainingOptions>>[] OptionChanges(int features) =>
    [
        Change.Of<MlpTrainingOptions, int>("NumberOfEpochs", RandomNumbers.Count(5), (options, x) => options with { NumberOfEpochs = x }),
        Change.Of<MlpTrainingOptions, int?>("BatchSize", Gen.Frequency((4, RandomNumbers.AnyCount(50).Select(x => (int?)x)),
            (1, Gen.Constant<int?>(null))), (options, x) => options with { BatchSize = x }),
        Change.Of<MlpTrainingOptions, Optimizer>("Optimizer", RandomParts.Optimizers, (options, x) => options with { Optimizer = x }),
        Change.Of<MlpTrainingOptions, Optimizer>("Optimizer", RandomParts.Optimizers, (options, x) => options with { Optimizer = x }),
        Change.Of<MlpTrainingOptions, Schedule>("LearningRate", RandomParts.Schedules, (options, x) => options with { LearningRate = x }),
        Change.Of<MlpTrainingOptions, Schedule>("LearningRate", RandomParts.Schedules, (options, x) => options with { LearningRate = x }),
        Change.Of<MlpTrainingOptions, Schedule>("L1Regularization", RandomParts.Strengths, (options, x) => options with { L1Regularization = x }),
        Change.Of<MlpTrainingOptions, Schedule>("L2Regularization", RandomParts.Strengths, (options, x) => options with { L2Regularization = x }),
        Change.Of<MlpTrainingOptions, Schedule>("OrthogonalityRegularization", RandomParts.Strengths,
            (options, x) => options with { OrthogonalityRegularization = x }),
        Change.Of<MlpTrainingOptions, Schedule>("OutputL1Regularization", RandomParts.Strengths, (options, x) => options with { OutputL1Regularization = x }),
        Change.Of<MlpTrainingOptions, Schedule>("OutputL2Regularization", RandomParts.Strengths, (options, x) => options with { OutputL2Regularization = x }),
        Change.Of<MlpTrainingOptions, WeightConstraint>("OutputConstraint", RandomParts.Constraints, (options, x) => options with { OutputConstraint = x }),
        Change.Of<MlpTrainingOptions, Schedule>("DropoutSchedule", RandomParts.Shares, (options, x) => options with { DropoutSchedule = x }),
        Change.Of<MlpTrainingOptions, WeightConstraint>("Constraint", RandomParts.Constraints, (options, x) => options with { Constraint = x }),
        Change.Of<MlpTrainingOptions, GradientClipping>("GradientClipping", RandomParts.Clippings, (options, x) => options with { GradientClipping = x }),
        Change.Of<MlpTrainingOptions, RateFactors>("RateFactors", RandomParts.RateFactors, (options, x) => options with { RateFactors = x }),
        Change.Of<MlpTrainingOptions, DecayFactors>("DecayFactors", RandomParts.DecayFactors, (options, x) => options with { DecayFactors = x }),
        Change.Of<MlpTrainingOptions, WeightAveraging>("WeightAveraging", RandomParts.WeightAveragings,
            (options, x) => options with { WeightAveraging = x }),
        Change.Of<MlpTrainingOptions, EarlyStopping>("EarlyStopping", RandomParts.EarlyStoppings, (options, x) => options with { EarlyStopping = x }),
        Change.Of<MlpTrainingOptions, Ensemble>("Ensemble", RandomParts.Ensembles, (options, x) => options with { Ensemble = x }),
        Change.Of<MlpTrainingOptions, Augmentation>("Augmentation", RandomParts.Augmentations(features), (options, x) => options with { Augmentation = x }),
        Change.Of<MlpTrainingOptions, EpochMetric>("Metric", RandomParts.Metrics, (options, x) => options with { Metric = x }),
        Change.Of<MlpTrainingOptions, bool>("Shuffle", RandomNumbers.Bool, (options, x) => options with { Shuffle = x }),
        Change.Of<MlpTrainingOptions, bool>("OutputBiasFromTargets", RandomNumbers.Bool, (options, x) => options with { OutputBiasFromTargets = x }),
        Change.Of<MlpTrainingOptions, bool>("ClassBalancedBatches", RandomNumbers.Bool, (options, x) => options with { ClassBalancedBatches = x }),
        Change.Of<MlpTrainingOptions, FeatureScaling>("FeatureScaling", RandomParts.Scalings, (options, x) => options with { FeatureScaling = x }),
        Change.Of<MlpTrainingOptions, NumericEmbedding>("NumericEmbedding", RandomParts.Embeddings, (options, x) => options with { NumericEmbedding = x }),
        Change.Of<MlpTrainingOptions, CategoricalEmbedding>("CategoricalEmbedding", RandomParts.CategoricalEmbeddings,
            (options, x) => options with { CategoricalEmbedding = x }),
        Change.Of<MlpTrainingOptions, bool>("MissingIndicators", RandomNumbers.Bool, (options, x) => options with { MissingIndicators = x }),
        Change.Of<MlpTrainingOptions, InvalidValueHandling>("MissingValues", RandomNumbers.Named<InvalidValueHandling>(),
            (options, x) => options with { MissingValues = x }),
        Change.Of<MlpTrainingOptions, InvalidValueHandling>("InfiniteValues", RandomNumbers.Named<InvalidValueHandling>(),
            (options, x) => options with { InfiniteValues = x }),
        Change.Of<MlpTrainingOptions, int>("Shards", Gen.Elements(1, 1, 2, 3), (options, x) => options with { Shards = x }),
        Change.Of<MlpTrainingOptions, int>("LocalSteps", Gen.Elements(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3), (options, x) => options with { LocalSteps = x }),
        Change.Of<MlpTrainingOptions, GradientPrecision>("GradientPrecision", Gen.Elements(
            GradientPrecision.Full, GradientPrecision.Full, GradientPrecision.Full, GradientPrecision.Full, GradientPrecision.Full, GradientPrecision.Full,
            GradientPrecision.BFloat16), (options, x) => options with { GradientPrecision = x }),

        // More than any of them takes, so that it ends none.
        Change.Of<MlpTrainingOptions, TimeSpan>("MaximumTrainingTime", RandomNumbers.Bool.Select(isLong => TimeSpan.FromHours(isLong ? 2 : 1)),
            (options, x) => options with { MaximumTrainingTime = x }),
        Change.Of<MlpTrainingOptions, int>("RunningLossBatches", RandomNumbers.AnyCount(20), (options, x) => options with { RunningLossBatches = x }),
    ];

    private static IEnumerable<RandomTraining> Shrink(RandomTraining training) =>
    [
        .. Change.Without(training.Options).Select(fewer => training with { Options = fewer }),
        .. Change.Without(training.Shape).Select(fewer => training with { Shape = fewer }),
        .. RandomLayer.Shrink(training.Layers).Select(fewer => training with { Layers = fewer }),
        .. training.IsValidated ? [training with { IsValidated = false }] : Array.Empty<RandomTraining>(),
        .. training.Rows.Shrink().Select(rows => training with { Rows = rows }),
    ];
}
