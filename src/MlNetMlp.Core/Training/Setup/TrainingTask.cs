using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>
/// Everything that a training run needs: the architecture, the loss, the rows, the options, validation rows and more. Immutable.
/// </summary>
/// <example>
/// <code>
/// using MlNetMlp.Networks;
///
/// var rows = new InMemoryRows(featureCount: 4, targetCount: 1);
/// rows.Add([5.1f, 3.5f, 1.4f, 0.2f], [0]);
/// var task = new TrainingTask(new MlpArchitecture(4, 3) { HiddenLayers = [new(32)] }, new SoftmaxCrossEntropy(), rows)
/// {
///     Options = new MlpTrainingOptions { Seed = 1 },
/// };
/// MlpModel network = MlpTrainer.Train(task).Model;
/// </code>
/// </example>
public sealed record TrainingTask
{
    /// <summary>Parts of the options that change nothing of what is learned, and the seed, which is there even where none is set.</summary>
    private static readonly string[] _free =
    [
        nameof(MlpTrainingOptions.NumberOfThreads), nameof(MlpTrainingOptions.ThrowOnCancellation), nameof(MlpTrainingOptions.Checkpoint),
        nameof(MlpTrainingOptions.MaximumTrainingTime), nameof(MlpTrainingOptions.Seed), nameof(MlpTrainingOptions.Given),

        // By its parameters, which its text does not tell.
        nameof(MlpTrainingOptions.TransferFrom),
    ];

    /// <param name="architecture">The shape of the network.</param>
    /// <param name="loss">What is minimised; it also says what targets and scores mean.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public TrainingTask(MlpArchitecture architecture, Loss loss, IRowSource rows)
    {
        Architecture = Require.NotNull(architecture, nameof(architecture));
        Loss = Require.NotNull(loss, nameof(loss));
        Rows = Require.NotNull(rows, nameof(rows));
    }

    /// <summary>The shape of the network; with <see cref="Ensemble.Shared"/> in <see cref="Options"/>, with these members.</summary>
    public MlpArchitecture Architecture
    {
        get => Options.Ensemble is { SharedMembers: > 1 and int members } && field.SharedMembers == 1 ? field with { SharedMembers = members } : field;
        internal init;
    }

    /// <summary>What is minimised; it also says what targets and scores mean.</summary>
    public Loss Loss { get; internal init; }

    /// <summary>The rows to learn from.</summary>
    public IRowSource Rows { get; internal init; }

    /// <summary>
    /// Rows that are only evaluated, to choose the best epoch and to stop. Default null: early stopping goes by the training loss with its
    /// penalties, and without early stopping the last epoch counts as the best.
    /// </summary>
    public IRowSource? Validation { get; init; }

    /// <summary>How to train. Default: <c>new MlpTrainingOptions()</c>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public MlpTrainingOptions Options
    {
        get;
        init => field = Require.NotNull(value, nameof(Options));
    } = new();

    /// <summary>
    /// Groups of features that are the one-hot code of a category each, ascending, without overlap. Default none. A trainer of ML.NET finds them in the
    /// annotation <c>CategoricalSlotRanges</c> of its features.
    /// </summary>
    /// <remarks>
    /// A group of which a training row has a value that is neither 0 nor 1, or more than one 1, is ignored. See
    /// <see cref="MlpTrainingOptions.CategoricalEmbedding"/>; without it, <see cref="FeatureScaling.StandardizeNumbers"/> and
    /// <see cref="FeatureScaling.Robust"/> leave the features of the groups as they are, also those of sparse rows. A model that the training continues
    /// from keeps what it made of its groups.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyList<CategoricalGroup> CategoricalGroups
    {
        get;
        init => field = [.. Require.NotNull(value, nameof(CategoricalGroups))];
    } = [];

    /// <summary>
    /// The group of each of <see cref="Rows"/>, for example the customer that it is of: the rows of a group are all in one part of
    /// <see cref="Ensemble.CrossFitted"/>, and all in a bag of <see cref="Ensemble.Bagging(int, bool)"/> or out of it. Default null: every row stands for
    /// itself.
    /// </summary>
    public IReadOnlyList<long>? RowGroups { get; init; }

    /// <summary>
    /// A model to continue from: its parameters, standardization and target units are kept, so that what it learned keeps its meaning;
    /// everything else follows <see cref="Options"/>. Where epochs are compared, by validation rows or for early stopping, it takes part as
    /// epoch 0. Of an ensemble, each member continues; snapshots begin with the last one. Default null: a new network.
    /// </summary>
    public MlpModel? InitialModel { get; init; }

    /// <summary>
    /// The machines that pass the rows through the network, each some of the <see cref="MlpTrainingOptions.Shards"/>; here, epochs are compared, and
    /// checkpoints written. The model is the same, bit for bit. Default null: this machine.
    /// </summary>
    /// <remarks>
    /// With an <see cref="MlpTrainingOptions.Ensemble"/> of several networks and more machines than shards, networks are trained side by side, each on machines
    /// of its own, and the reports of their epochs come as they end; snapshots, and trainings with a checkpoint or <see cref="AfterEpoch"/>, one after the
    /// other.
    /// </remarks>
    public ITrainingCluster? Cluster { get; init; }

    /// <summary>Receives a report of every epoch, on the calling thread. Default null: none.</summary>
    public IProgress<EpochReport>? Progress { get; init; }

    /// <summary>
    /// Asked after every epoch, on the calling thread and before <see cref="Progress"/> is told, whether to go on, to keep the model, or to change the learning
    /// rate. Default null: nobody. What it throws ends the training.
    /// </summary>
    public Func<EpochEnd, EpochDecision>? AfterEpoch { get; init; }

    /// <summary>
    /// Checked before every mini-batch, of training and validation rows alike, and whenever else rows are read. Default: never
    /// cancelled.
    /// </summary>
    /// <remarks>
    /// It does not interrupt the reading of rows that the returned model needs: those for the <see cref="BatchStatistics.TrainingSet"/> of a
    /// model from a first epoch, and those before the first epoch where a checkpoint has a model already.
    /// </remarks>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Told of every step, for diagnostics. Default null: nobody.</summary>
    internal IStepObserver? StepObserver { get; init; }

    /// <summary>The clock for <see cref="MlpTrainingOptions.MaximumTrainingTime"/>. Default: that of the machine.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Joins the shards that are here with those that are elsewhere. Default null: all of them are here.</summary>
    internal IShardExchange? Exchange { get; init; }

    /// <summary>The random passes with which the model will score, too. Default null: none.</summary>
    internal MonteCarloDropout? ScoringPasses { get; init; }

    /// <summary>Whether all threads make every step, worth it or not: for tests and measurements. Default: as many as are worth it.</summary>
    internal bool UsesAllThreads { get; init; }

    /// <summary>Whether the targets are to be standardized, which the loss of a trained model no longer says.</summary>
    internal bool StandardizesTargets => StandardizesGivenTargets ?? Loss.StandardizesTargets;

    /// <summary>The same for keeping scores within the targets of the training rows.</summary>
    internal bool ClampsPredictions => ClampsGivenPredictions ?? Loss.ClampsPredictions;

    /// <summary>The model whose preparation of the features is kept; null: they are prepared anew.</summary>
    internal MlpModel? KnownModel => InitialModel ?? Options.TransferFrom;

    /// <summary>The name of the metric of every epoch.</summary>
    internal string MetricName => Options.Metric?.Name ?? Loss.MetricName;

    /// <summary>Whether a greater metric is a better one.</summary>
    internal bool HigherMetricIsBetter => Options.Metric?.HigherIsBetter ?? Loss.HigherMetricIsBetter;

    /// <summary>The number of rows of a mini-batch, or of a block where the optimizer needs all rows for a step.</summary>
    internal int BatchSize => Options.BatchSizeFor(Rows.Count);

    /// <summary>Whether every epoch is the same in a longer training: then one that was stopped may go on to another number of epochs.</summary>
    internal bool MayChangeLength => Options.EnsembleOfNetworks is null && !Schedules.Any(schedule => schedule.DependsOnNumberOfEpochs)
        && Options is not ({ WeightAveraging.DependsOnNumberOfEpochs: true } or { EarlyStopping: { Patience: null } });

    /// <summary>All schedules of the training.</summary>
    private IEnumerable<Schedule> Schedules =>
    [
        Options.LearningRate, Options.DropoutSchedule, .. Penalties.Schedules, .. Architecture.HiddenLayers.SelectMany(layer => layer.ActivityPenalties),
        .. Options.Optimizer is MiniBatchOptimizer optimizer ? (Schedule[])[optimizer.WeightDecay] : [],
    ];

    /// <summary>What the loss said before it became that of a model; null: the loss says it.</summary>
    internal bool? StandardizesGivenTargets { get; init; }

    /// <summary>The same of keeping scores within the targets.</summary>
    internal bool? ClampsGivenPredictions { get; init; }

    /// <summary>The network and its loss, for example <c>4-32-3 with SoftmaxCrossEntropy</c>.</summary>
    public override string ToString() => $"{Architecture} with {Loss}";

    /// <summary>What holds for each parameter in every step.</summary>
    internal Func<Parameter, ParameterGroup> Groups
    {
        get
        {
            LayerPenalties penalties = Penalties;
            return parameter =>
            {
                float rate = Options.RateFactors.Of(parameter, Architecture.HiddenLayers.Count);
                return new(parameter.Decays, rate, rate > 0 ? Options.DecayFactors.Of(parameter) : 0, penalties.NumberOf(parameter));
            };
        }
    }

    /// <summary>The penalties on weights and the constraints, by layer.</summary>
    internal LayerPenalties Penalties => new(Architecture, Options);

    /// <summary>The threads that the options ask for.</summary>
    internal ThreadTeam StartThreads() => new(Options.ThreadCount);

    /// <summary>
    /// The task as the engine sees it: the weights of the rows multiplied by those of their classes, and the loss without the latter.
    /// </summary>
    /// <exception cref="ArgumentException">A target names no class, or there is another number of weights than of classes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal TrainingTask WithClassWeights(CancellationToken cancellationToken)
    {
        (IRowSource rows, IRowSource? validation) = ClassWeightedRows.Apply(Loss, Architecture.OutputSize, Rows, Validation, cancellationToken);
        return this with
        {
            Loss = Loss is KullbackLeiblerDivergence { ClassWeights: not null } divergence
                ? divergence.With(ClassWeightedRows.FactorsOfShares(divergence, Rows, cancellationToken))
                : Loss.ForModel,
            StandardizesGivenTargets = StandardizesTargets,
            ClampsGivenPredictions = ClampsPredictions,
            Rows = rows,
            Validation = validation,
        };
    }

    /// <summary>Everything that the course of the training depends on. Reads all rows once.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal TrainingFingerprint Fingerprint(CancellationToken cancellationToken)
    {
        var fingerprint = new TrainingFingerprint();
        fingerprint.AddSettings("", Architecture);
        fingerprint.AddSettings(nameof(Loss), Loss);
        fingerprint.AddSettings("", Options.Plain(), _free);
        fingerprint.AddNumber(nameof(Options.Seed), Options.SeedOrDefault);
        fingerprint.AddRows("TrainingRows", Rows, cancellationToken);
        fingerprint.AddRows("ValidationRows", Validation, cancellationToken);
        fingerprint.AddModel(nameof(InitialModel), InitialModel);
        if (RowGroups is not null && Options.Ensemble?.KeepsGroups == true)
        {
            fingerprint.AddNumbers(nameof(RowGroups), RowGroups);
        }

        fingerprint.AddModel(nameof(MlpTrainingOptions.TransferFrom), Options.TransferFrom);
        for (int i = 0; i < CategoricalGroups.Count; i++)
        {
            fingerprint.AddSettings($"{nameof(CategoricalGroups)}[{i}]", CategoricalGroups[i]);
        }

        return fingerprint;
    }
}
