using System.Diagnostics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The state of one training run: the network, the descent that it is on with the optimizer's memory, and the losses on the way.</summary>
internal sealed class TrainingRun : ITrainingRun
{
    private readonly TrainingTask _task;
    private readonly TrainingSetup _setup;
    private readonly Propagation _propagation;
    private readonly ShardedPropagation? _shards;
    private readonly IDescent _descent;
    private readonly WeightAverage? _average;
    private readonly WeightChange? _change;
    private readonly RunningLoss _runningLoss;
    private readonly SeededRandom _epochs;
    private readonly List<double> _monitored = [];

    public TrainingRun(TrainingTask task, TrainingSetup setup, ThreadTeam team)
    {
        _task = task;
        _setup = setup;
        _epochs = new SeededRandom(task.Options.SeedOrDefault).At(TrainingRandom.Epochs);
        _propagation = new Propagation(task, setup, team);
        _shards = task.Options.Shards > 1 ? new(_propagation, task, team) : null;
        _runningLoss = new RunningLoss((int)Math.Min(task.Options.RunningLossBatches, (long)task.Options.NumberOfEpochs * _propagation.Batches));
        _average = task.Options.WeightAveraging is { } averaging
            ? new(averaging, Parameters, (long)task.Options.NumberOfEpochs * _propagation.Batches, team)
            : null;
        _change = task.Options.EarlyStopping?.Rule?.WatchesWeights == true ? new(Parameters) : null;
        _descent = task.Options.Optimizer switch
        {
            MiniBatchOptimizer optimizer when task.Options.LocalSteps > 1 => new LocalDescent(task, optimizer, _propagation, _runningLoss, team, _average),
            MiniBatchOptimizer optimizer => new MiniBatchDescent(task, optimizer, _propagation, _shards, _runningLoss, team, _average),
            Lbfgs optimizer => new FullBatchDescent(task, optimizer, _propagation, _runningLoss, team),
            _ => throw new UnreachableException(),
        };
    }

    public ParameterVector Parameters => _propagation.Network.Parameters;

    public float LearningRate => _descent.LearningRate;

    public double GradientNorm => _descent.GradientNorm;

    public long Steps => _descent.Steps;

    public double WeightChange => _change?.Value ?? 0;

    public double RunningLoss => _runningLoss.Mean;

    public IReadOnlyList<OptimizerState> State =>
    [
        new("parameters", Parameters.Values), .. _average is null ? [] : (OptimizerState[])[_average.State],
        .. _change is null ? [] : (OptimizerState[])[_change.State], .. _descent.State, _runningLoss.State,
    ];

    public double Penalty => _descent.WeightPenalty + _descent.ActivityPenalty;

    public CallbackState Callbacks { get; set; } = CallbackState.None;

    public bool HasConverged => _descent.HasConverged;

    public void Observe(double monitoredLoss) => _monitored.Add(monitoredLoss);

    public void ContinueFrom(long steps, CallbackState callbacks)
    {
        _descent.Steps = steps;
        Callbacks = callbacks;
        _average?.IsShown = true;
    }

    public (double Loss, double Metric)? RunEpoch(int epoch, bool keepsUnfinished)
    {
        CancellationToken cancellationToken = _task.CancellationToken;
        if (cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        _average?.Hide();
        _change?.Begin();
        EpochResult result = _descent.RunEpoch(
            epoch, Callbacks.RateFactor, _epochs.At(epoch), CollectionsMarshal.AsSpan(_monitored), cancellationToken);
        _change?.End();

        if (_descent.Steps > 0)
        {
            _average?.Show();
        }

        // Where an earlier epoch is restored, or none returned, collecting would delay the end.
        bool isComplete = result.IsComplete;
        if (isComplete || (keepsUnfinished && result.HasMoved))
        {
            isComplete &= _propagation.CollectStatistics(
                ofAllLayers: _average is not null, keepsUnfinished ? CancellationToken.None : cancellationToken);
        }

        if (!RowOps.AllFinite(Parameters.Values.Span))
        {
            throw _descent.Diverged(epoch + 1, "a parameter");
        }

        return isComplete ? (result.Loss, result.Metric) : null;
    }

    public (double Loss, double? Metric) EvaluateStart(CancellationToken cancellationToken)
    {
        if (_task.Validation is { } validation)
        {
            return Evaluate(validation, cancellationToken)
                ?? throw new OperationCanceledException(cancellationToken);
        }

        _propagation.StartEpoch(0);
        SeededRandom random = _epochs.At(0);
        double sum = _shards?.ForwardAll(random, cancellationToken) ?? 0;
        for (int i = 0; i < _propagation.Batches && _shards is null; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += _propagation.Forward(_propagation.Gather(i), random.At(i)) + _propagation.Network.ActivityPenalty;
        }

        return (sum / _propagation.Rows + _descent.WeightPenalty, null);
    }

    public (double Loss, double Metric)? Evaluate(IRowSource validation, int epoch)
    {
        (double Loss, double Metric)? evaluated = Evaluate(validation, _task.CancellationToken);
        return evaluated is { } value && !double.IsFinite(value.Loss) ? throw _descent.Diverged(epoch + 1, "the validation loss") : evaluated;
    }

    public void Dispose()
    {
    }

    public MlpModel ToModel(int epoch)
    {
        try
        {
            return new MlpModel(_task.Architecture, _task.Loss, _setup.Standardizer, _setup.Targets, Parameters.Snapshot());
        }
        catch (OverflowException)
        {
            // Looked at here alone and not in every epoch: folding copies all weights, and what would overflow can come back.
            throw _descent.Diverged(epoch, "a weight of the network as it scores");
        }
    }

    private (double Loss, double Metric)? Evaluate(IRowSource validation, CancellationToken cancellationToken) => _shards is null
        ? _propagation.Evaluate(validation, _setup.ValidationWeight, cancellationToken)
        : _shards.Evaluate(validation, _setup.ValidationWeight, cancellationToken);
}
