namespace MlNetMlp.TestSupport;

/// <summary>A small training that is cancelled at any moment, and what must come of it then.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Options">The options.</param>
internal sealed record CancellationCase(string Name, MlpArchitecture Architecture, MlpTrainingOptions Options)
{
    private static readonly MlpArchitecture _plain = new(4, 3) { HiddenLayers = [new(6)] };
    private static readonly MlpArchitecture _collecting = new(4, 3)
    {
        HiddenLayers = [new(6) { Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet }, Dropout = 0.1f }],
    };

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 4, BatchSize = 16, LearningRate = 0.02f, NumberOfThreads = 1, Seed = 3 };

    /// <summary>Every way through a training that reads rows in another way.</summary>
    public static IReadOnlyList<CancellationCase> All { get; } =
    [
        new("plain", _plain, _options),
        new("validation", _plain, _options) { HasValidation = true },
        new("statistics of the training set", _collecting, _options) { HasValidation = true },
        new("class weights and balanced mini-batches", _plain,
            _options with { ClassBalancedBatches = true }) { Loss = new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }, HasValidation = true },
        new("early stopping", _plain, _options with { EarlyStopping = new() { Patience = 2 } }),
        new("from a model", _plain, _options) { HasValidation = true, HasInitial = true },
        new("from a model, compared by training rows", _plain, _options with { EarlyStopping = new() }) { HasInitial = true },
        new("L-BFGS", _plain, _options with { Optimizer = new Lbfgs(), BatchSize = null }) { HasValidation = true, Count = 300 },
        new("L-BFGS with L1", _collecting, _options with { Optimizer = new Lbfgs(), BatchSize = null, L1Regularization = 1e-3f }) { Count = 300 },
        new("seeds", _collecting, _options with { NumberOfEpochs = 2, Ensemble = Ensemble.Seeds(2) }),
        new("bagging", _plain, _options with { NumberOfEpochs = 2, Ensemble = Ensemble.Bagging(2) }) { HasValidation = true },
        new("snapshots", _plain, _options with { Ensemble = Ensemble.Snapshots(2) }),
        new("checkpoint", _plain, _options) { HasValidation = true, HasCheckpoint = true },
    ];

    public Loss Loss { get; init; } = new SoftmaxCrossEntropy();

    public bool HasValidation { get; init; }

    public bool HasInitial { get; init; }

    public bool HasCheckpoint { get; init; }

    /// <summary>The number of training rows.</summary>
    public int Count { get; init; } = 50;

    /// <summary>Whether scoring needs statistics of the training rows.</summary>
    public bool Collects => Architecture.HiddenLayers[0].Normalization is BatchNormalization { Statistics: BatchStatistics.TrainingSet };

    /// <summary>Mini-batches are gathered by 16 rows; L-BFGS has two of 150.</summary>
    public int RequestsPerBatch => Options.Optimizer is Lbfgs ? 10 : 1;

    public int RequestsPerEpoch => Options.Optimizer is Lbfgs ? 20 : (Count + 15) / 16;

    /// <summary>Trains, telling of every request for training or validation rows.</summary>
    /// <param name="onRequest">Told of every request, training and validation rows together, before it is served.</param>
    /// <param name="onEpoch">Told of every epoch.</param>
    /// <param name="change">Changes the task; null: as it is.</param>
    /// <param name="token">Cancels.</param>
    public MlpTrainingResult Train(
        Action? onRequest, Action<EpochReport>? onEpoch, Func<TrainingTask, TrainingTask>? change, CancellationToken token)
    {
        IRowSource training = new ObservedRows(SmallData.For(Loss, Count), _ => onRequest?.Invoke());
        IRowSource? validation = HasValidation ? new ObservedRows(SmallData.For(Loss, 40, seed: 2), _ => onRequest?.Invoke()) : null;
        MlpModel? initial = HasInitial ? MlpTrainer.Train(new(Architecture, Loss, SmallData.For(Loss, Count))
        {
            Options = Options with { NumberOfEpochs = 1, EarlyStopping = null },
        }).Model : null;
        var task = new TrainingTask(Architecture, Loss, training)
        {
            Validation = validation,
            Options = Options,
            InitialModel = initial,
            Progress = onEpoch is null ? null : new ImmediateProgress(onEpoch),
            CancellationToken = token,
        };
        return MlpTrainer.Train(change?.Invoke(task) ?? task);
    }

    public override string ToString() => Name;
}
