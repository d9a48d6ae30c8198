using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML;

namespace MlNetMlp.Tests.Support;

/// <summary>A trainer with random options, and random rows for it. Prints as what to write to have it again; shrinks to fewer options and rows.</summary>
/// <param name="Task">What is learned.</param>
/// <param name="Rows">The rows.</param>
/// <param name="MissingLabels">Every so many rows the label is missing, where labels can be; 0: never.</param>
/// <param name="IsValidated">Whether there is a validation set.</param>
/// <param name="Layers">The hidden layers.</param>
/// <param name="Changes">The options.</param>
internal sealed record RandomTrainer(RandomTask Task, RandomRows Rows, int MissingLabels, bool IsValidated, RandomLayer[] Layers,
    Change<MlpTrainerOptions>[] Changes)
{
    public static Arbitrary<RandomTrainer> All { get; } = Arb.From(
        from task in Gen.Elements(Enum.GetValues<RandomTask>())
        from rows in RandomRows.Shapes
        from missing in Gen.Frequency((4, Gen.Constant(0)), (2, Gen.Choose(2, 9)), (1, Gen.Constant(1)))
        from validated in Gen.Choose(0, 2)
        from layers in RandomLayer.Lists(mostUnits: 9)
        from changes in Change.Some(AllChanges(task, rows), 1, 6)
        select new RandomTrainer(task, rows, missing, validated == 0, layers, changes),
        Shrink);

    public RowsView Training => View(Rows, [.. Enumerable.Range(0, Rows.Count)]);

    /// <summary>The training rows that have a weight and a label.</summary>
    public RowsView Learned => View(Rows, [.. Enumerable.Range(0, Rows.Count).Where(row => Rows.WeightOf(row) > 0 && HasLabel(row))]);

    public RowsView? Validation => IsValidated ? View(Rows with { Seed = Rows.Seed + 1 }, [.. Enumerable.Range(0, 7)]) : null;

    public MlpTrainerOptions Options
    {
        get
        {
            MlpTrainerOptions options = Task switch
            {
                RandomTask.Binary => new MlpBinaryTrainer.Options { Effort = Effort.Plain },
                RandomTask.Multiclass => new MlpMulticlassTrainer.Options { Effort = Effort.Plain },
                _ => new MlpRegressionTrainer.Options { Effort = Effort.Plain },
            };
            options = options with { NumberOfEpochs = 3, BatchSize = 8, NumberOfThreads = 1, HiddenLayers = RandomLayer.Create(Layers) };
            return Change.Apply(options, Changes);
        }
    }

    public MlpTrainerBase Create()
    {
        var context = new MLContext(Rows.Seed);
        return Options switch
        {
            MlpBinaryTrainer.Options binary => context.BinaryClassification.Trainers.Mlp(binary),
            MlpMulticlassTrainer.Options multiclass => context.MulticlassClassification.Trainers.Mlp(multiclass),
            MlpTrainerOptions other => context.Regression.Trainers.Mlp((MlpRegressionTrainer.Options)other),
        };
    }

    public override string ToString() => $"""

        {Task}: {Rows}{(MissingLabels > 0 ? $", label missing in every {MissingLabels}. row" : "")}{(IsValidated ? ", validated" : "")}
        [{string.Join(", ", Layers.AsEnumerable())}]
        {Change.Text("options", Changes)}

        """;

    /// <summary>Options that are common to all trainers.</summary>
    public static Gen<Change<MlpTrainerOptions>>[] CommonChanges(int features) =>
    [
        Of("LabelColumnName", Gen.Frequency((9, Gen.Constant("Label")), (1, Gen.Elements("", "Features", "Missing"))),
            (o, x) => o with { LabelColumnName = x }),
        Of("FeatureColumnName", Gen.Frequency((9, Gen.Constant("Features")), (1, Gen.Elements(null!, "Weight", "Missing"))),
            (o, x) => o with { FeatureColumnName = x }),
        Of("ExampleWeightColumnName", Gen.Frequency((9, Gen.Constant("Weight")), (1, Gen.Elements(null!, "", "Label"))),
            (o, x) => o with { ExampleWeightColumnName = x }),
        Of("Effort", Part.Of("Effort", Gen.Elements(Effort.Plain, Effort.Fast, Effort.Balanced, Effort.Best), x => x), (o, x) => o with { Effort = x }),
        Of("HiddenLayers", Gen.Constant((HiddenLayer[])[]), (o, x) => o with { HiddenLayers = x }),
        Of("InputDropout", RandomNumbers.Share, (o, x) => o with { InputDropout = x }),
        Of("InputNoise", RandomNumbers.NonNegative, (o, x) => o with { InputNoise = x }),
        Of("OutputInitializer", RandomParts.Initializers, (o, x) => o with { OutputInitializer = x }),
        Of("Optimizer", RandomParts.Optimizers, (o, x) => o with { Optimizer = x }),
        Of("LearningRate", RandomParts.Schedules, (o, x) => o with { LearningRate = x }),
        Of("NumberOfEpochs", RandomNumbers.Count(5), (o, x) => o with { NumberOfEpochs = x }),
        Of("BatchSize", Gen.Frequency((4, RandomNumbers.AnyCount(50).Select(x => (int?)x)), (1, Gen.Constant<int?>(null))), (o, x) => o with { BatchSize = x }),
        Of("L1Regularization", RandomParts.Strengths, (o, x) => o with { L1Regularization = x }),
        Of("L2Regularization", RandomParts.Strengths, (o, x) => o with { L2Regularization = x }),
        Of("OrthogonalityRegularization", RandomParts.Strengths, (o, x) => o with { OrthogonalityRegularization = x }),
        Of("OutputL1Regularization", RandomParts.Strengths, (o, x) => o with { OutputL1Regularization = x }),
        Of("OutputL2Regularization", RandomParts.Strengths, (o, x) => o with { OutputL2Regularization = x }),
        Of("OutputConstraint", RandomParts.Constraints, (o, x) => o with { OutputConstraint = x }),
        Of("DropoutSchedule", RandomParts.Shares, (o, x) => o with { DropoutSchedule = x }),
        Of("Constraint", RandomParts.Constraints, (o, x) => o with { Constraint = x }),
        Of("OutputBiasFromTargets", RandomNumbers.Bool, (o, x) => o with { OutputBiasFromTargets = x }),
        Of("GradientClipping", RandomParts.Clippings, (o, x) => o with { GradientClipping = x }),
        Of("RateFactors", RandomParts.RateFactors, (o, x) => o with { RateFactors = x }),
        Of("DecayFactors", RandomParts.DecayFactors, (o, x) => o with { DecayFactors = x }),
        Of("WeightAveraging", RandomParts.WeightAveragings, (o, x) => o with { WeightAveraging = x }),
        Of("ValidationFraction", RandomNumbers.Share.Select(x => (float?)x), (o, x) => o with { ValidationFraction = x }),
        Of("EarlyStopping", RandomParts.EarlyStoppings, (o, x) => o with { EarlyStopping = x }),
        Of("Ensemble", RandomParts.Ensembles, (o, x) => o with { Ensemble = x }),
        Of("MonteCarloDropout", Part.Of("MonteCarloDropout", RandomNumbers.Count(5), passes => new MonteCarloDropout { Passes = passes }),
            (o, x) => o with { MonteCarloDropout = x }),
        Of("Shuffle", RandomNumbers.Bool, (o, x) => o with { Shuffle = x }),
        Of("Metric", RandomParts.Metrics, (o, x) => o with { Metric = x }),
        Of("Augmentation", RandomParts.Augmentations(features), (o, x) => o with { Augmentation = x }),
        Of("ClassBalancedBatches", RandomNumbers.Bool, (o, x) => o with { ClassBalancedBatches = x }),
        Of("FeatureScaling", RandomParts.Scalings, (o, x) => o with { FeatureScaling = x }),
        Of("NumericEmbedding", RandomParts.Embeddings, (o, x) => o with { NumericEmbedding = x }),
        Of("CategoricalEmbedding", RandomParts.CategoricalEmbeddings, (o, x) => o with { CategoricalEmbedding = x }),
        Of("MissingIndicators", RandomNumbers.Bool, (o, x) => o with { MissingIndicators = x }),
        Of("SparseFeatures", Gen.Elements<bool?>(null, true, false), (o, x) => o with { SparseFeatures = x }),
        Of("MissingValues", RandomNumbers.Named<InvalidValueHandling>(), (o, x) => o with { MissingValues = x }),
        Of("InfiniteValues", RandomNumbers.Named<InvalidValueHandling>(), (o, x) => o with { InfiniteValues = x }),

        // More than any of them takes, so that it ends none.
        Of("MaximumTrainingTime", RandomNumbers.Bool.Select(isLong => (TimeSpan?)TimeSpan.FromHours(isLong ? 2 : 1)),
            (o, x) => o with { MaximumTrainingTime = x }),
        Of("Shards", Gen.Elements(1, 1, 2, 3), (o, x) => o with { Shards = x }),
        Of("LocalSteps", Gen.Elements(1, 1, 1, 2, 3), (o, x) => o with { LocalSteps = x }),
        Of("GradientPrecision", Gen.Elements(GradientPrecision.Full, GradientPrecision.Full, GradientPrecision.BFloat16),
            (o, x) => o with { GradientPrecision = x }),
        Of("ValidatesLastRows", RandomNumbers.Bool, (o, x) => o with { ValidatesLastRows = x }),
        Of("RunningLossBatches", RandomNumbers.AnyCount(20), (o, x) => o with { RunningLossBatches = x }),
        Of("Seed", Gen.Choose(int.MinValue, int.MaxValue).Select(x => (int?)x), (o, x) => o with { Seed = x }),
        Of("RowStorage", Storages, (o, x) => o with { RowStorage = x }),
        Of("NumberOfThreads", RandomNumbers.Count(2).Select(x => (int?)x), (o, x) => o with { NumberOfThreads = x }),
    ];

    private static Gen<Part<RowStorage>> Storages => Gen.OneOf(
        Part.Of("Memory", () => RowStorage.Memory),
        Part.Of("Disk", RandomNumbers.Named<RowPrecision>(), x => RowStorage.Disk(precision: x)),
        Part.Of("Automatic", RandomNumbers.AnyCount(1000), x => RowStorage.Automatic(x)));

    private static Gen<Change<MlpTrainerOptions>>[] AllChanges(RandomTask task, RandomRows rows) =>
    [
        .. CommonChanges(rows.Features),
        .. task switch
        {
            RandomTask.Binary =>
            [
                Of("Loss", RandomParts.BinaryLosses, (o, x) => (MlpBinaryTrainer.Options)o with { Loss = x }),
            ],
            RandomTask.Multiclass =>
            [
                Of("Loss", RandomParts.MulticlassLosses(rows.Classes), (o, x) => (MlpMulticlassTrainer.Options)o with { Loss = x }),
            ],
            _ => (Gen<Change<MlpTrainerOptions>>[])
            [
                Of("Loss", RandomParts.RegressionLosses, (o, x) => (MlpRegressionTrainer.Options)o with { Loss = x }),
            ],
        },
    ];

    private static IEnumerable<RandomTrainer> Shrink(RandomTrainer trainer) =>
    [
        .. Change.Without(trainer.Changes).Select(fewer => trainer with { Changes = fewer }),
        .. RandomLayer.Shrink(trainer.Layers).Select(fewer => trainer with { Layers = fewer }),
        .. trainer.IsValidated ? [trainer with { IsValidated = false }] : Array.Empty<RandomTrainer>(),
        .. trainer.MissingLabels > 0 ? [trainer with { MissingLabels = 0 }] : Array.Empty<RandomTrainer>(),
        .. trainer.Rows.Shrink().Select(rows => trainer with { Rows = rows }),
    ];

    private static Gen<Change<MlpTrainerOptions>> Of<T>(string option, Gen<T> values, Func<MlpTrainerOptions, T, MlpTrainerOptions> set) =>
        Change.Of(option, values, set);

    private static Gen<Change<MlpTrainerOptions>> Of<T>(string option, Gen<Part<T>> parts, Func<MlpTrainerOptions, T, MlpTrainerOptions> set) =>
        Change.Of(option, parts, set);

    private RowsView View(RandomRows rows, int[] numbers) => new(
        numbers.Length,
        Task switch
        {
            RandomTask.Binary => ViewColumn.Boolean("Label", row => rows.ClassOf(numbers[row]) % 2 == 1),
            RandomTask.Multiclass => ViewColumn.Key("Label", rows.Classes, row => IsMissing(numbers[row]) ? 0 : (uint)rows.ClassOf(numbers[row]) + 1),
            RandomTask.Regression => ViewColumn.Number("Label", row => IsMissing(numbers[row]) ? float.NaN : rows.ValuesOf(numbers[row], 1)[0]),
            _ => ViewColumn.Vector("Label", rows.Classes, row => [.. rows.ValuesOf(numbers[row], rows.Classes).Select((value, i) =>
                IsMissing(numbers[row] + i) ? float.NaN : value)]),
        },
        WithCategories(rows.IsSparse ? ViewColumn.Sparse("Features", rows.Features, row => rows.FeaturesOf(numbers[row]))
            : ViewColumn.Vector("Features", rows.Features, row => rows.FeaturesOf(numbers[row])), rows.FindGroups()),
        ViewColumn.Number("Weight", row => rows.WeightOf(numbers[row])));

    private static ViewColumn WithCategories(ViewColumn column, CategoricalGroup[] groups) =>
        groups.Length == 0 ? column : column.WithCategories([.. groups.SelectMany(group => (int[])[group.First, group.Last])]);

    private bool HasLabel(int row) => Task == RandomTask.Binary
        || !Enumerable.Range(row, Task == RandomTask.MultiOutputRegression ? Rows.Classes : 1).Any(IsMissing);

    private bool IsMissing(int row) => MissingLabels > 0 && row % MissingLabels == 0;
}
