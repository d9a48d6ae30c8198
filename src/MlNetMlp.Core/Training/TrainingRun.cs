using System.Diagnostics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The state of one training run: the network, the descent that it is on with the optimizer's memory, and the losses on the way.</summary>
internal sealed class TrainingRun
{
    private readonly TrainingTask _task;
    private readonly TrainingSetup _setup;
    private readonly Propagation _propagation;
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
        _runningLoss = new RunningLoss((int)Math.Min(task.Options.RunningLossBatches, (long)task.Options.NumberOfEpochs * _propagation.Batches));
        _average = task.Options.WeightAveraging is { } averaging
            ? new(averaging, Parameters, (long)task.Options.NumberOfEpochs * _propagation.Batches, team)
            : null;
        _change = task.Options.EarlyStopping?.Rule?.WatchesWeights == true ? new(Parameters) : null;
        _descent = task.Options.Optimizer switch
        {
            MiniBatchOptimizer optimizer => new MiniBatchDescent(task, optimizer, _propagation, _runningLoss, team, _average),
            Lbfgs optimizer => new FullBatchDescent(task, optimizer, _propagation, _runningLoss, team),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The parameters; after an epoch, their average if the options ask for one.</summary>
    public ParameterVector Parameters => _propagation.Network.Parameters;

    /// <summary>The rate, or length, of the last step.</summary>
    public float LearningRate => _descent.LearningRate;

    /// <summary>The norm of the last step's gradient.</summary>
    public double GradientNorm => _descent.GradientNorm;

    /// <summary>The number of steps so far, over all epochs.</summary>
    public long Steps => _descent.Steps;

    /// <summary>How far the last epoch moved the weights, if a <see cref="StoppingRule"/> goes by that.</summary>
    public double WeightChange => _change?.Value ?? 0;

    /// <summary>See <see cref="EpochReport.RunningLoss"/>.</summary>
    public double RunningLoss => _runningLoss.Mean;

    /// <summary>All that is carried from epoch to epoch, beside the number of steps. Written back into a new run, it continues this one bit for bit.</summary>
    public IReadOnlyList<OptimizerState> State =>
    [
        new("parameters", Parameters.Values), .. _average is null ? [] : (OptimizerState[])[_average.State],
        .. _change is null ? [] : (OptimizerState[])[_change.State], .. _descent.State, _runningLoss.State,
    ];

    /// <summary>What penalties add to the loss: those on weights for the parameters as they are, those on activations as the last epoch met them.</summary>
    public double Penalty => _descent.WeightPenalty + _descent.ActivityPenalty;

    /// <summary>What callbacks have decided so far.</summary>
    public CallbackState Callbacks { get; set; } = CallbackState.None;

    /// <summary>True once the optimizer knows that another epoch would bring nothing.</summary>
    public bool HasConverged => _descent.HasConverged;

    /// <summary>Tells the schedule of the monitored loss of the epoch that was run last; without it the next epoch's rate is another.</summary>
    public void Observe(double monitoredLoss) => _monitored.Add(monitoredLoss);

    /// <summary>Goes on after so many steps, with <see cref="State"/> written back.</summary>
    /// <param name="steps">The number of steps.</param>
    /// <param name="callbacks">What callbacks have decided.</param>
    public void ContinueFrom(long steps, CallbackState callbacks)
    {
        _descent.Steps = steps;
        Callbacks = callbacks;
        _average?.IsShown = true;
    }

    /// <summary>Runs epoch number <paramref name="epoch"/>, from 0; returns the mean loss and the metric, or null if it was cancelled on the way.</summary>
    /// <param name="epoch">The number of the epoch, from 0.</param>
    /// <param name="keepsUnfinished">
    /// Whether the parameters of a cancelled epoch will be of use: then they are completed by the statistics that scoring needs.
    /// </param>
    /// <exception cref="TrainingDivergedException">A loss or, at the end, a parameter is not finite.</exception>
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

    /// <summary>
    /// What an epoch would be compared by if it left the parameters as they are: the loss over the validation rows or, without any, over the
    /// training rows in the mini-batches of epoch 0, with dropout and noise as there, and the penalties. Statistics of batch normalization may move.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, before anything was learned.</exception>
    public (double Loss, double? Metric) EvaluateStart(CancellationToken cancellationToken)
    {
        if (_task.Validation is { } validation)
        {
            return _propagation.Evaluate(validation, _setup.ValidationWeight, cancellationToken)
                ?? throw new OperationCanceledException(cancellationToken);
        }

        _propagation.StartEpoch(0);
        SeededRandom random = _epochs.At(0);
        double sum = 0;
        for (int i = 0; i < _propagation.Batches; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum += _propagation.Forward(_propagation.Gather(i), random.At(i)) + _propagation.Network.ActivityPenalty;
        }

        return (sum / _propagation.Rows + _descent.WeightPenalty, null);
    }

    /// <summary>
    /// The mean loss and metric over the validation rows, with the network as it scores after epoch number <paramref name="epoch"/>, from 0; null if it
    /// was cancelled on the way.
    /// </summary>
    /// <exception cref="TrainingDivergedException">The loss is not finite, so no epoch could be preferred to another.</exception>
    public (double Loss, double Metric)? Evaluate(IRowSource validation, int epoch)
    {
        (double Loss, double Metric)? evaluated = _propagation.Evaluate(validation, _setup.ValidationWeight, _task.CancellationToken);
        return evaluated is { } value && !double.IsFinite(value.Loss) ? throw _descent.Diverged(epoch + 1, "the validation loss") : evaluated;
    }

    /// <summary>The model of the parameters as they are, which are those after epoch number <paramref name="epoch"/>, from 1.</summary>
    /// <exception cref="TrainingDivergedException">The parameters are finite, but not a weight into which several of them are folded for scoring.</exception>
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
}
