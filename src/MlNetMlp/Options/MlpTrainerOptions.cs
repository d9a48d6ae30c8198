using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the three trainers have in common. Immutable; an invalid value is refused where it is set.</summary>
/// <example>
/// <code>
/// var options = new MlpMulticlassTrainer.Options
/// {
///     Effort = Effort.Plain,
///     HiddenLayers = [new(256) { Activation = Activation.Gelu, Dropout = 0.2f }, new(256)],
///     LearningRate = Schedule.Warmup(epochs: 3).Then(Schedule.Cosine(from: 1e-3f, to: 1e-5f)),
///     EarlyStopping = new() { Patience = 10 },
///     NumberOfEpochs = 100,
/// };
/// var longer = options with { NumberOfEpochs = 200 };
/// var trainers = new[] { options, longer }.Select(mlContext.MulticlassClassification.Trainers.Mlp);
/// </code>
/// </example>
public abstract record MlpTrainerOptions : MlpTrainingOptions
{
    private protected MlpTrainerOptions()
    {
    }

    /// <summary>The name of the label column. Default <c>Label</c>.</summary>
    /// <remarks>Regression labels have an absolute value of at most 1.7e38, so that the difference of any two is finite.</remarks>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public string LabelColumnName
    {
        get;
        init => field = NonEmpty(value, nameof(LabelColumnName));
    } = "Label";

    /// <summary>The name of the feature column, a vector of Single of known size, dense or sparse. Default <c>Features</c>.</summary>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public string FeatureColumnName
    {
        get;
        init => field = NonEmpty(value, nameof(FeatureColumnName));
    } = "Features";

    /// <summary>
    /// The name of the column with the weight of each row, Single; default null: all rows count the same. Weights are finite and at
    /// least 0. A row of weight 2 counts as two rows, a row of weight 0 as none.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? ExampleWeightColumnName
    {
        get;
        init => field = value is null ? null : NonEmpty(value, nameof(ExampleWeightColumnName));
    }

    /// <summary>
    /// How much work goes into the model: it chooses, by the training rows, whatever is not set of <see cref="HiddenLayers"/>,
    /// <see cref="MlpTrainingOptions.Ensemble"/>, <see cref="MlpTrainingOptions.NumericEmbedding"/>, <see cref="MlpTrainingOptions.CategoricalEmbedding"/>,
    /// <see cref="MlpTrainingOptions.MissingIndicators"/>, <see cref="MlpTrainingOptions.FeatureScaling"/>, <see cref="MlpTrainingOptions.Optimizer"/>,
    /// <see cref="MlpTrainingOptions.LearningRate"/>, <see cref="MlpTrainingOptions.GradientClipping"/>, <see cref="MlpTrainingOptions.BatchSize"/>,
    /// <see cref="MlpTrainingOptions.NumberOfEpochs"/> and, of sparse rows, <see cref="InputDropout"/>. Default <see cref="Effort.Balanced"/>;
    /// <see cref="Effort.Plain"/> leaves all at the defaults that they name.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Effort Effort
    {
        get;
        init => field = Require.NotNull(value, nameof(Effort));
    } = Effort.Balanced;

    /// <summary>The hidden layers from the features to the scores. Default two of 128 rectified linear units; none makes the model linear.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its entries is null.</exception>
    public IReadOnlyList<HiddenLayer> HiddenLayers
    {
        get;
        init
        {
            field = new HiddenLayerList(value, nameof(HiddenLayers));
            Given = Given.With(nameof(HiddenLayers));
        }
    } = new HiddenLayerList([new(128), new(128)], nameof(HiddenLayers));

    /// <summary>The probability with which training drops each feature of a row, in [0, 1). Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float InputDropout
    {
        get;
        init
        {
            field = Require.InRangeBelow(value, 0f, 1f, nameof(InputDropout));
            Given = Given.With(nameof(InputDropout));
        }
    }

    /// <summary>
    /// The standard deviation of the Gaussian noise that training adds to every feature, in units of the feature's own standard
    /// deviation (with <see cref="MlpTrainingOptions.FeatureScaling"/>). At least 0; default 0: none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float InputNoise
    {
        get;
        init => field = Require.NonNegative(value, nameof(InputNoise));
    }

    /// <summary>The starting weights of the output layer. Default null: Glorot uniform.</summary>
    public Initializer? OutputInitializer { get; init; }

    /// <summary>
    /// The part of the training rows, in [0, 1), that is set aside to choose the best epoch and to stop early; the same part of every class, unless
    /// <see cref="GroupColumnName"/>, <see cref="TimeColumnName"/> or <see cref="ValidatesLastRows"/> says which rows. Default null: a tenth if
    /// <see cref="EarlyStopping"/> or one of the last two is set, or an <see cref="Ensemble"/> is pruned (<see cref="Ensemble.PrunedTo"/>), else none. Of no
    /// effect where a validation set is given; 0 or null with a <see cref="ValidationColumnName"/>, and where the networks of an <see cref="Ensemble"/> are
    /// validated on rows that they do not learn from.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float? ValidationFraction
    {
        get;
        init => field = value is { } fraction ? Require.InRangeBelow(fraction, 0f, 1f, nameof(ValidationFraction)) : null;
    }

    /// <summary>
    /// The name of a Boolean column that is true for the rows to validate on, which choose the best epoch and stop early, and are not learned from: so a
    /// pipeline carries its own validation rows through its transforms, <c>pipeline.Fit(rows)</c>. Default null: none.
    /// </summary>
    /// <remarks>
    /// In a search and in cross-validation, the rows that are true validate the training runs that they belong to; where they are among those to evaluate on,
    /// they are evaluated as any others. No validation set can be given beside it.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? ValidationColumnName
    {
        get;
        init => field = value is null ? null : NonEmpty(value, nameof(ValidationColumnName));
    }

    /// <summary>
    /// The name of the column that says which rows belong together, for example those of one customer: a key, a number, a text, a Boolean or a time. Whole
    /// groups are set aside for validation. Default null: every row stands for itself.
    /// </summary>
    /// <remarks>
    /// Groups come in an order that a hash of the seed and the group gives, and are set aside as long as the part of the rows comes nearer to
    /// <see cref="ValidationFraction"/>; classes are not looked at. The parts of <see cref="MlpTrainingOptions.Ensemble"/>'s
    /// <see cref="Ensemble.CrossFitted"/> consist of whole groups, too, and so do bags that are validated out of bag. In a search, groups also stay together in
    /// <see cref="Search.HeldOut"/> and in the folds of <see cref="Search.CrossValidation"/>. Rows without a value are a group of their own.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? GroupColumnName
    {
        get;
        init => field = value is null ? null : NonEmpty(value, nameof(GroupColumnName));
    }

    /// <summary>
    /// The name of the column with the time of each row, a number or a date: the newest rows are set aside for validation, as many as
    /// <see cref="ValidationFraction"/> says, or a tenth. Default null: time does not matter.
    /// </summary>
    /// <remarks>
    /// Rows of the same time stay together. In a search, <see cref="Search.HeldOut"/> also holds out the newest rows; the folds of
    /// <see cref="Search.CrossValidation"/>, where older rows would be evaluated by networks that have seen newer ones, are refused.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? TimeColumnName
    {
        get;
        init => field = value is null ? null : NonEmpty(value, nameof(TimeColumnName));
    }

    /// <summary>
    /// Whether the last rows are set aside for validation: as <see cref="TimeColumnName"/> does it, for rows that are in the order of their time. Default
    /// false.
    /// </summary>
    public bool ValidatesLastRows { get; init; }

    /// <summary>
    /// Whether the trained transformer also adds the columns <c>ScoreMean</c> and <c>ScoreStandardDeviation</c>, of the shape of
    /// <c>Score</c>, and of two classes <c>ProbabilityMean</c> and <c>ProbabilityStandardDeviation</c>: what many passes with dropout and, of an ensemble,
    /// its members give; see <see cref="MlpModel.PredictWithUncertainty(ReadOnlySpan{float}, Span{float}, Span{float}, int, MonteCarloDropout)"/>. Default
    /// null: no such columns. <c>Score</c> itself is never random.
    /// </summary>
    /// <remarks>
    /// Needs <see cref="HiddenLayer.Dropout"/>, <see cref="InputDropout"/>, or an <see cref="Ensemble"/> of two or more. The columns multiply the
    /// cost of scoring by the number of passes, but only where they are read.
    /// </remarks>
    public MonteCarloDropout? MonteCarloDropout { get; init; }

    /// <summary>
    /// Whether the training keeps rows without their zeros and computes with the other features alone: for text, and for categories of very many
    /// values. Default null: if there are at least 1,024 slots, and in the first 1,000 rows at least seven eighths of all values are zero
    /// and no other option stands against it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Memory and time grow with the features that are not zero, but the model differs.
    /// <see cref="MlpTrainingOptions.FeatureScaling"/> then only scales
    /// a feature that is zero in at least half of the rows, so that its other values have a mean square of 1: an indicator stays as it is. The others
    /// are shifted, too, as usual. And a mini-batch moves only those weights of the first layer whose features it has: momentum, averages of
    /// gradients, weight decay, L1 and L2 stand still for the others; see <see cref="SparseRows"/>.
    /// </para>
    /// <para>
    /// Excludes <see cref="Ensemble.Shared"/>, <see cref="InputNoise"/>, <see cref="Augmentation"/>,
    /// <see cref="MlpTrainingOptions.OrthogonalityRegularization"/>, and in the first hidden layer <see cref="HiddenLayer.Residual"/>,
    /// <see cref="HiddenLayer.DropConnect"/>, <see cref="WeightNormalization"/> and <see cref="CosineNormalization"/>: with these, null means false, and
    /// true is refused. <see cref="WeightConstraint"/> and <see cref="Lbfgs"/> look at all weights in every step. A model that the training continues from
    /// decides by its own standardization. <c>Diagnose</c> and <c>CheckGradients</c> examine dense rows.
    /// </para>
    /// </remarks>
    public bool? SparseFeatures { get; init; }

    /// <summary>
    /// Where the rows are kept while <c>Fit</c> reads the data once and passes over them many times: <see cref="RowStorage.Memory"/>, a
    /// temporary file with <c>RowStorage.Disk()</c>, or, by default, <c>RowStorage.Automatic()</c>: in memory up to half of what the process may
    /// use, which training and validation rows share, and on disk beyond.
    /// </summary>
    /// <remarks>
    /// Large rows on disk are shuffled as a stream is, so the model depends on where they are; see <see cref="MlNetMlp.RowStorage"/>. The
    /// file is deleted when <c>Fit</c> ends, however it ends.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RowStorage RowStorage
    {
        get;
        init => field = Require.NotNull(value, nameof(RowStorage));
    } = RowStorage.Automatic();

    /// <summary>
    /// The machines that train, each some of the <see cref="MlpTrainingOptions.Shards"/>: an <c>OrleansRunner</c> of the package <c>MlNetMlp.Orleans</c>.
    /// Default null: this one. The model is the same, bit for bit.
    /// </summary>
    /// <remarks>
    /// With an <see cref="MlpTrainingOptions.Ensemble"/> of several networks and more machines than shards, networks are trained side by side, each on machines
    /// of its own; snapshots, and trainings with a checkpoint or <see cref="AfterEpoch"/>, one after the other.
    /// Rows are read here, once, and sent to the machines; see <see cref="RowStorage"/> for where they are kept in between. Sparse rows are not sent:
    /// <see cref="SparseFeatures"/> null means false.
    /// </remarks>
    public ITrainingCluster? Cluster { get; init; }

    /// <summary>
    /// Receives a report of every epoch, on the training thread, after the log; <c>TrainingProgress.Console()</c> shows them. Default null: none.
    /// </summary>
    public IProgress<EpochReport>? Progress { get; init; }

    /// <summary>
    /// Asked after every epoch, on the training thread and before <see cref="Progress"/> is told, whether to go on, to stop, to keep the model as it is now,
    /// or to change the learning rate, for example
    /// <c>epoch => epoch.Report.TrainingLoss &lt; 0.01 ? EpochDecision.Stop : EpochDecision.Continue</c>. Default null: nobody.
    /// </summary>
    /// <remarks>
    /// What it decides is a part of a <see cref="MlpTrainingOptions.Checkpoint"/>. A training is repeated, and resumed, bit for bit if it decides by what it is
    /// told alone. In a search it is called by several threads at the same time. What it throws ends the training.
    /// </remarks>
    public Func<EpochEnd, EpochDecision>? AfterEpoch { get; init; }

    /// <summary>Cancels the reading of the rows, or the training before the next mini-batch. Default: never cancelled.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What the training minimises; each task has losses of its own.</summary>
    internal abstract Loss TaskLoss { get; }

    /// <summary>The options with what the short form of the catalog's methods was given.</summary>
    /// <param name="hiddenUnits">The units of each hidden layer, or null.</param>
    /// <param name="numberOfEpochs">The number of epochs, or null.</param>
    /// <param name="learningRate">The learning rate at the start, or null.</param>
    internal MlpTrainerOptions With(int[]? hiddenUnits, int? numberOfEpochs, float? learningRate)
    {
        MlpTrainerOptions options = this;
        options = hiddenUnits is null ? options : options with { HiddenLayers = [.. hiddenUnits.Select(count => new HiddenLayer(count))] };
        options = numberOfEpochs is not { } epochs ? options : options with { NumberOfEpochs = epochs };
        return learningRate is not { } rate ? options : options with { LearningRate = Schedule.Cosine(rate) };
    }

    /// <summary>The part of the training rows to set aside when no validation set was given.</summary>
    internal float EffectiveValidationFraction => ValidationFraction
        ?? ((EarlyStopping is null && !ValidatesNewest && Ensemble?.KeptSharedMembers is null) || Ensemble?.HoldsOut == true ? 0 : 0.1f);

    /// <summary>Whether the newest rows are those to validate on.</summary>
    internal bool ValidatesNewest => TimeColumnName is not null || ValidatesLastRows;

    /// <summary>The columns that a training reads, those that are named.</summary>
    internal IEnumerable<string> ColumnsRead => new[]
    {
        LabelColumnName, FeatureColumnName, ExampleWeightColumnName, ValidationColumnName, GroupColumnName, TimeColumnName,
    }.OfType<string>();

    internal MlpArchitecture Architecture(int features, int outputs) => new(features, outputs)
    {
        HiddenLayers = HiddenLayers,
        InputDropout = InputDropout,
        InputNoise = InputNoise,
        OutputInitializer = OutputInitializer,
        SharedMembers = Ensemble?.SharedMembers ?? 1,
    };

    /// <summary>Refuses what only a look at several options can find.</summary>
    internal void CheckTogether()
    {
        string[] names = [.. ColumnsRead];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new ArgumentException(
                "Label, features, example weights, validation, groups and times must be different columns; the options name " +
                $"{string.Join(", ", names.Select(name => $"'{name}'"))}.");
        }

        CheckValidation();

        if (MonteCarloDropout is not null && InputDropout == 0 && HiddenLayers.All(layer => layer.Dropout == 0) && Ensemble is null or { Members: 1 }
            && (Effort == Effort.Plain || Given.Contains(nameof(Ensemble)) || (Given.Contains(nameof(HiddenLayers)) && !EffortTable.CanShare(this))))
        {
            throw new ArgumentException(
                $"{nameof(MonteCarloDropout)} is set, but nothing would differ from pass to pass: it needs " +
                $"{nameof(HiddenLayer)}.{nameof(HiddenLayer.Dropout)} or " +
                $"{nameof(InputDropout)} greater than 0, or an {nameof(Ensemble)} of at least 2 networks.");
        }

        if (Ensemble?.HoldsOut == true && ValidationFraction > 0)
        {
            throw new ArgumentException(
                $"{nameof(Ensemble)} is {Ensemble}: each network is validated on training rows that it does not learn from. {nameof(ValidationFraction)} " +
                string.Create(CultureInfo.InvariantCulture, $"is {ValidationFraction}; it must be null or 0."));
        }

        if (ClassBalancedBatches && TaskLoss is not ClassificationLoss)
        {
            throw new ArgumentException($"{nameof(ClassBalancedBatches)} is true, but {TaskLoss} knows no classes; it must be false.");
        }

        // With the widths of the hidden layers among themselves; how many features there are, and how few columns their categories leave, shows with the rows.
        MlpArchitecture architecture = Architecture(HiddenLayers.Count > 0 ? HiddenLayers[0].Units : 1, 1);
        bool mayBecomeDense = CategoricalEmbedding is not null;
        if (SparseFeatures == true && TrainingChecks.ProblemWithSparseRows(architecture, this, mayBecomeDense) is { } problem)
        {
            throw new ArgumentException($"{nameof(SparseFeatures)} is true, but {problem}");
        }

        TrainingChecks.CheckOptions(this, architecture);
        TrainingChecks.CheckCluster(this, Cluster);
    }

    /// <summary>Refuses several ways to say which rows are to validate on.</summary>
    private void CheckValidation()
    {
        string[] ways =
        [
            .. ValidationColumnName is null ? Array.Empty<string>() : [$"{nameof(ValidationColumnName)} = '{ValidationColumnName}'"],
            .. ValidationColumnName is null || ValidationFraction is null or 0 ? Array.Empty<string>()
                : [string.Create(CultureInfo.InvariantCulture, $"{nameof(ValidationFraction)} = {ValidationFraction}")],
            .. GroupColumnName is null || !ValidatesNewest ? Array.Empty<string>() : [$"{nameof(GroupColumnName)} = '{GroupColumnName}'"],
            .. TimeColumnName is null ? Array.Empty<string>() : [$"{nameof(TimeColumnName)} = '{TimeColumnName}'"],
            .. ValidatesLastRows ? [$"{nameof(ValidatesLastRows)} = true"] : Array.Empty<string>(),
        ];
        if (ways.Length > 1)
        {
            throw new ArgumentException($"The rows to validate on can be chosen in one way only; the options have {string.Join(" and ", ways)}.");
        }

        if (Ensemble?.HoldsOut == true && ways.Length > 0)
        {
            throw new ArgumentException(
                $"{nameof(Ensemble)} is {Ensemble}: each network is validated on training rows of its own, which {ways[0]} does not choose; one of them " +
                "must be left out.");
        }
    }

    private static string NonEmpty(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value;
    }
}
