namespace MlNetMlp;

/// <summary>What the three trainers have in common. Immutable; an invalid value is refused where it is set.</summary>
public abstract record MlpTrainerOptions
{
    internal const int DefaultNumberOfEpochs = 50;
    internal const float DefaultLearningRate = 0.002f;
    private readonly HiddenLayer[] _hiddenLayers = [new(128), new(128)];

    private protected MlpTrainerOptions()
    {
    }

    /// <summary>The name of the label column. Default <c>Label</c>.</summary>
    /// <remarks>Labels of regression are at most 1.7e38 in size, so that any two have a difference.</remarks>
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
    /// The name of the column with the weight of each row, Single; default null: all rows weigh the same. Weights are finite and at
    /// least 0. A row of weight 2 counts as two rows, a row of weight 0 as none.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? ExampleWeightColumnName
    {
        get;
        init => field = value is null ? null : NonEmpty(value, nameof(ExampleWeightColumnName));
    }

    /// <summary>The hidden layers from the features to the scores. Default two of 128 rectified linear units; none makes the model linear.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its entries is null.</exception>
    public IReadOnlyList<HiddenLayer> HiddenLayers
    {
        get => _hiddenLayers;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(HiddenLayers));
            _hiddenLayers = [.. value];
            foreach (HiddenLayer layer in _hiddenLayers)
            {
                ArgumentNullException.ThrowIfNull(layer, nameof(HiddenLayers));
            }
        }
    }

    /// <summary>The probability with which training drops each feature of a row, in [0, 1). Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of [0, 1).</exception>
    public float InputDropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw OutOfRange(nameof(InputDropout), value, "in [0, 1)");
    }

    /// <summary>
    /// The standard deviation of the Gaussian noise that training adds to every feature, in units of the feature's own standard
    /// deviation (with <see cref="StandardizeFeatures"/>). At least 0; default 0: none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float InputNoise
    {
        get;
        init => field = value >= 0 && float.IsFinite(value) ? value : throw OutOfRange(nameof(InputNoise), value, "finite and at least 0");
    }

    /// <summary>The starting weights of the output layer. Default null: Glorot uniform.</summary>
    public Initializer? OutputInitializer { get; init; }

    /// <summary>The rule that turns gradients into steps. Default <see cref="AdamW"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Optimizer Optimizer
    {
        get => Core.Optimizer;
        init => Core = Core with { Optimizer = value };
    }

    /// <summary>
    /// The learning rate over the course of the training; a number means a constant one. Default: from 0.002 to 0 along a cosine.
    /// <see cref="Lbfgs"/> finds its steps without it.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule LearningRate
    {
        get => Core.LearningRate;
        init => Core = Core with { LearningRate = value };
    }

    /// <summary>The number of passes over the training rows, at least 1. Default 50.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int NumberOfEpochs
    {
        get => Core.Epochs;
        init => Core = Core with { Epochs = value >= 1 ? value : throw OutOfRange(nameof(NumberOfEpochs), value, "at least 1") };
    }

    /// <summary>
    /// The number of rows of a mini-batch, at least 1; more than there are training rows means all of them. Default null: a power of
    /// two near a hundredth of the rows, from 8 to 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? BatchSize
    {
        get => Core.BatchSize;
        init => Core = Core with { BatchSize = value };
    }

    /// <summary>lambda of the penalty <c>lambda sum |w|</c> on weights, never on biases. At least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float L1Regularization
    {
        get => Core.L1Regularization;
        init => Core = Core with { L1Regularization = value };
    }

    /// <summary>lambda of the penalty <c>lambda / 2 sum w^2</c> on weights, never on biases. At least 0; default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float L2Regularization
    {
        get => Core.L2Regularization;
        init => Core = Core with { L2Regularization = value };
    }

    /// <summary>
    /// lambda of the penalty <c>lambda sum |W^T W - I|</c> on the weights W [inputs, units] of every hidden layer, which draws the incoming
    /// weights of its units to length 1 and right angles. At least 0; default 0.
    /// </summary>
    /// <remarks>
    /// A layer with more units than inputs has <c>W W^T</c> instead, for not all of its units can be orthogonal. Never biases, and not the
    /// output layer, whose scale belongs to the targets. A mini-batch costs more by about <c>2 min(inputs, units) / (3 rows)</c> of a layer's
    /// work. (Brock, Lim, Ritchie and Weston, Neural Photo Editing with Introspective Adversarial Networks, 2017.)
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float OrthogonalityRegularization
    {
        get => Core.OrthogonalityRegularization;
        init => Core = Core with { OrthogonalityRegularization = value };
    }

    /// <summary>
    /// What the weights must obey after every step of the training: <see cref="MaxNorm"/>, <see cref="UnitNorm"/> or
    /// <see cref="NonNegative"/>; never biases. Default null: nothing.
    /// </summary>
    public WeightConstraint? Constraint
    {
        get => Core.Constraint;
        init => Core = Core with { Constraint = value };
    }

    /// <summary>A bound on the gradient of a mini-batch, by value or by norm. Default null: none.</summary>
    public GradientClipping? GradientClipping
    {
        get => Core.GradientClipping;
        init => Core = Core with { GradientClipping = value };
    }

    /// <summary>
    /// The part of the training rows, in [0, 1), that is set aside to choose the best epoch and to stop early; every class gives the
    /// same part. Default null: a tenth if <see cref="EarlyStopping"/> is set, else none. Of no effect where a validation set is given.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of [0, 1).</exception>
    public float? ValidationFraction
    {
        get;
        init => field = value is null or (>= 0 and < 1) ? value : throw OutOfRange(nameof(ValidationFraction), value, "in [0, 1)");
    }

    /// <summary>When to stop before <see cref="NumberOfEpochs"/> are over. Default null: never.</summary>
    /// <remarks>Whatever ends the training, the model has the weights of the epoch with the lowest loss: over the validation rows, or the
    /// training rows if there are none.
    /// A model that the training continues from takes part in that choice. Without this option and without validation rows the model has the
    /// weights of the last epoch.</remarks>
    public EarlyStopping? EarlyStopping
    {
        get => Core.EarlyStopping;
        init => Core = Core with { EarlyStopping = value };
    }

    /// <summary>
    /// Several networks whose scores are averaged in one transformer and one file: <c>Ensemble.Seeds(5)</c>, <c>Ensemble.Bagging(10)</c> or
    /// <c>Ensemble.Snapshots(5)</c>. Default null: one network.
    /// </summary>
    public Ensemble? Ensemble
    {
        get => Core.Ensemble;
        init => Core = Core with { Ensemble = value };
    }

    /// <summary>
    /// Whether the trained transformer also adds the columns <c>ScoreMean</c> and <c>ScoreStandardDeviation</c>, of the shape of
    /// <c>Score</c>: what many passes with dropout and, of an ensemble, its members give; see
    /// <see cref="MlpModel.PredictWithUncertainty"/>. Default null: no such columns. <c>Score</c> itself never depends on chance.
    /// </summary>
    /// <remarks>
    /// Needs <see cref="HiddenLayer.Dropout"/>, <see cref="InputDropout"/>, or an <see cref="Ensemble"/> of two or more. The columns cost as
    /// many times the scoring as there are passes, but only where somebody asks for them.
    /// </remarks>
    public MonteCarloDropout? MonteCarloDropout { get; init; }

    /// <summary>Whether the mini-batches of every epoch are drawn in a fresh random order. Default true.</summary>
    public bool Shuffle
    {
        get => Core.Shuffle;
        init => Core = Core with { Shuffle = value };
    }

    /// <summary>
    /// Changes to the features of the training rows, drawn anew for every row in every epoch, for example
    /// <c>new ImageAugmentation(28, 28) { HorizontalShift = 2, VerticalShift = 2, Rotation = 10 }</c> for pixels, or
    /// <see cref="Augmentation.Custom"/> for code of your own. Rows that are set aside for validation, and scoring, know nothing of it. Default null: none.
    /// </summary>
    public Augmentation? Augmentation
    {
        get => Core.Augmentation;
        init => Core = Core with { Augmentation = value };
    }

    /// <summary>
    /// Whether every feature is shifted and scaled to mean 0 and variance 1 over the training rows, as a part of the model, so that no
    /// normalizing transform is needed. Default true.
    /// </summary>
    /// <remarks>
    /// A feature that is missing in all training rows, that is constant, or whose deviation is below about 3e-39 is ignored, in training
    /// and in scoring, whatever
    /// value it takes later. A value whose distance from the mean is beyond single precision (3.4e38) is refused.
    /// </remarks>
    public bool StandardizeFeatures
    {
        get => Core.StandardizeFeatures;
        init => Core = Core with { StandardizeFeatures = value };
    }

    /// <summary>
    /// Whether the training keeps rows without their zeros and computes with the other features alone: for texts, and for categories of very many
    /// values. Default null: if there are at least 1,024 slots, and in the first 1,000 rows at least seven eighths of all values are zero
    /// and no other option stands against it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Memory and time follow the features that are not zero, but the model is another one. <see cref="StandardizeFeatures"/> then only scales
    /// a feature that is zero in at least half of the rows, so that its other values have a mean square of 1: an indicator stays as it is. The others
    /// are shifted, too, as usual. And a mini-batch moves only those weights of the first layer whose features it has: momentum, averages of
    /// gradients, weight decay, L1 and L2 stand still for the others; see <see cref="SparseRows"/>.
    /// </para>
    /// <para>
    /// Does not go with <see cref="InputNoise"/>, <see cref="Augmentation"/>, <see cref="OrthogonalityRegularization"/>, and in the first hidden layer
    /// <see cref="HiddenLayer.Residual"/>, <see cref="HiddenLayer.DropConnect"/>, <see cref="WeightNormalization"/> and
    /// <see cref="CosineNormalization"/>: with these, null means false, and true is refused. <see cref="WeightConstraint"/> and <see cref="Lbfgs"/>
    /// look at all weights in every step. A model that the training continues from decides by its own standardization. <c>Diagnose</c> and
    /// <c>CheckGradients</c> examine dense rows.
    /// </para>
    /// </remarks>
    public bool? SparseFeatures { get; init; }

    /// <summary>
    /// What happens to a feature that is NaN, in training and in scoring, and, with <see cref="InvalidValueHandling.Fail"/>, to a label
    /// that is missing. Default <see cref="InvalidValueHandling.Impute"/>: the mean over the training rows takes the feature's place,
    /// and rows with a missing label are left out of the training and counted in the log.
    /// </summary>
    public InvalidValueHandling MissingValues
    {
        get => Core.MissingValues;
        init => Core = Core with { MissingValues = value };
    }

    /// <summary>
    /// What happens to a feature that is infinite, in training and in scoring, or to a label that is. Default
    /// <see cref="InvalidValueHandling.Fail"/>: an error names the row and the column. <see cref="InvalidValueHandling.Impute"/>
    /// treats infinite as missing.
    /// </summary>
    public InvalidValueHandling InfiniteValues
    {
        get => Core.InfiniteValues;
        init => Core = Core with { InfiniteValues = value };
    }

    /// <summary>
    /// The file that keeps the state of the training, so that a <c>Fit</c> that was stopped, by cancellation, an exception or the end of the process, is
    /// continued bit for bit by the same <c>Fit</c> on the same rows. Default null: none. If <see cref="Seed"/> is null the seed is that of the
    /// training in the file.
    /// </summary>
    public TrainingCheckpoint? Checkpoint
    {
        get => Core.Checkpoint;
        init => Core = Core with { Checkpoint = value };
    }

    /// <summary>
    /// The number of mini-batches, at least 1, that <see cref="EpochReport.RunningLoss"/> looks back on, across the borders of epochs. Default 100.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int RunningLossBatches
    {
        get => Core.RunningLossBatches;
        init => Core = Core with { RunningLossBatches = value };
    }

    /// <summary>
    /// Where all chance begins: the same seed, data and options give the same model, bit for bit, on any number of threads. Default
    /// null: drawn from the <c>MLContext</c>, so that <c>new MLContext(seed: 1)</c> makes a whole program repeatable.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Where the rows are kept while <c>Fit</c> reads the data once and passes over them many times: <see cref="RowStorage.Memory"/>, a
    /// temporary file with <c>RowStorage.Disk()</c>, or, by default, <c>RowStorage.Automatic()</c>: in memory up to half of what the process may
    /// use, which training and validation rows share, and on disk beyond.
    /// </summary>
    /// <remarks>
    /// Large rows on disk are shuffled as a stream is, so the model depends on where they are; see <see cref="MlNetMlp.RowStorage"/>. The
    /// file ends with <c>Fit</c>, whatever ends it.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RowStorage RowStorage
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(RowStorage));
            field = value;
        }
    } = RowStorage.Automatic();

    /// <summary>The number of threads, at least 1. Default null: one for each processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? NumberOfThreads
    {
        get => Core.Threads == 0 ? null : Core.Threads;
        init => Core = Core with { Threads = value is null or >= 1 ? value ?? 0 : throw OutOfRange(nameof(NumberOfThreads), value, "at least 1, or null") };
    }

    /// <summary>Told of every epoch, on the thread that trains, after the log. Default null: nobody.</summary>
    public IProgress<EpochReport>? Progress { get; init; }

    /// <summary>Ends the reading of the rows, or the training before the next mini-batch. Default: never.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Whether a cancelled training throws <see cref="OperationCanceledException"/>. Default false: <c>Fit</c> returns the best model so
    /// far, and throws only if not even one mini-batch was learned. Of an ensemble, it returns the members that were completed; or the first
    /// one, as far as it came.
    /// </summary>
    public bool ThrowOnCancellation
    {
        get => Core.ThrowOnCancellation;
        init => Core = Core with { ThrowOnCancellation = value };
    }

    /// <summary>What the training minimises; each task has losses of its own.</summary>
    internal abstract Loss TaskLoss { get; }

    /// <summary>The options of the training itself, without the seed.</summary>
    internal MlpTrainingOptions Core { get; private protected init; } = new();

    /// <summary>The hidden layers of the short form of the catalog's methods.</summary>
    internal static HiddenLayer[] Layers(int[]? units) => units is null ? [new(128), new(128)] : [.. units.Select(count => new HiddenLayer(count))];

    /// <summary>The part of the training rows to set aside when no validation set was given.</summary>
    internal float EffectiveValidationFraction => ValidationFraction ?? (EarlyStopping is null ? 0 : 0.1f);

    internal MlpArchitecture Architecture(int features, int outputs) => new(features, outputs)
    {
        HiddenLayers = HiddenLayers,
        InputDropout = InputDropout,
        InputNoise = InputNoise,
        OutputInitializer = OutputInitializer,
    };

    /// <summary>Refuses what only a look at several options can find.</summary>
    internal void CheckTogether()
    {
        string[] names = [LabelColumnName, FeatureColumnName, .. ExampleWeightColumnName is null ? Array.Empty<string>() : [ExampleWeightColumnName]];
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
        {
            throw new ArgumentException(
                $"Label, features and example weights must be different columns; the options name {string.Join(", ", names.Select(name => $"'{name}'"))}.");
        }

        if (MonteCarloDropout is not null && InputDropout == 0 && HiddenLayers.All(layer => layer.Dropout == 0) && Ensemble is null or { Members: 1 })
        {
            throw new ArgumentException(
                $"{nameof(MonteCarloDropout)} is set, but nothing would differ from pass to pass: it needs " +
                $"{nameof(HiddenLayer)}.{nameof(HiddenLayer.Dropout)} or " +
                $"{nameof(InputDropout)} greater than 0, or an {nameof(Ensemble)} of at least 2 networks.");
        }

        // With the widths of the hidden layers among themselves; how many features there are shows with the rows.
        MlpArchitecture architecture = Architecture(HiddenLayers.Count > 0 ? HiddenLayers[0].Units : 1, 1);
        if (SparseFeatures == true && TrainingChecks.ProblemWithSparseRows(architecture, Core) is { } problem)
        {
            throw new ArgumentException($"{nameof(SparseFeatures)} is true, but {problem}");
        }

        TrainingChecks.CheckOptions(Core, architecture);
    }

    private static string NonEmpty(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value;
    }

    private static ArgumentOutOfRangeException OutOfRange(string name, object? value, string allowed) =>
        new(name, value, FormattableString.Invariant($"{name} is {value}; it must be {allowed}."));
}
