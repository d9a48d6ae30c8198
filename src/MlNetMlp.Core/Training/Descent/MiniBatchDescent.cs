using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A step for every mini-batch: gather, forward, backward, update.</summary>
internal sealed class MiniBatchDescent : IDescent
{
    private readonly Propagation _propagation;
    private readonly ParameterUpdate _update;
    private readonly RunningLoss _runningLoss;
    private readonly MlpTrainingOptions _options;
    private readonly Schedule _decay;
    private readonly IStepObserver? _observer;
    private readonly ReadAhead? _ahead;
    private readonly ThreadTuner _threads;
    private readonly WeightAverage? _average;
    private readonly ShardedPropagation? _shards;

    /// <param name="task">What is trained.</param>
    /// <param name="optimizer">By which rule.</param>
    /// <param name="propagation">Its network and rows.</param>
    /// <param name="shards">The same in shards; null: it has none.</param>
    /// <param name="runningLoss">Told of the loss of every mini-batch.</param>
    /// <param name="team">The threads that share the work.</param>
    /// <param name="average">Told of the weights after every step; or null.</param>
    public MiniBatchDescent(
        TrainingTask task, MiniBatchOptimizer optimizer, Propagation propagation, ShardedPropagation? shards, RunningLoss runningLoss, ThreadTeam team,
        WeightAverage? average)
    {
        _shards = shards;
        _average = average;
        _propagation = propagation;
        _runningLoss = runningLoss;
        _options = task.Options;
        _decay = optimizer.WeightDecay;
        _observer = task.StepObserver;
        _update = new ParameterUpdate(propagation.Network.Parameters, optimizer, task, propagation.BatchSize, propagation.Batches, team);
        _ahead = propagation.CreateReadAhead();
        _threads = new ThreadTuner(team, task.UsesAllThreads);
    }

    public float LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    public double WeightPenalty => _update.Penalty;

    public double ActivityPenalty { get; private set; }

    public bool HasConverged => false;

    public long Steps { get; set; }

    public IReadOnlyList<OptimizerState> State => _update.State;

    public EpochResult RunEpoch(
        int epoch, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses, CancellationToken cancellationToken)
    {
        try
        {
            return Run(epoch, rateFactor, random, monitoredLosses, cancellationToken);
        }
        finally
        {
            _ahead?.End();
        }
    }

    public TrainingDivergedException Diverged(int epoch, string what) => new(epoch, what, LearningRate);

    private EpochResult Run(
        int epoch, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses, CancellationToken cancellationToken)
    {
        _propagation.StartEpoch(epoch);
        _propagation.StartMetric();
        _shards?.StartEpoch();
        if (_ahead is not null)
        {
            _propagation.Start(_ahead);
        }

        double sum = 0, activity = 0;
        int i = 0, batches = _propagation.Batches;
        bool isStopped = false;
        for (; i < batches && !isStopped && !cancellationToken.IsCancellationRequested; i++)
        {
            // In the middle of the mini-batch, so that neither the first step of a warm-up nor the last of a cosine is of size zero.
            var moment = new ScheduleMoment(epoch + (i + 0.5) / batches, _options.NumberOfEpochs, monitoredLosses);
            LearningRate = rateFactor * _options.LearningRate.RateAt(moment, _propagation.BatchSize);
            _propagation.At(moment);
            _update.At(moment);
            (double loss, int rows) = Step(i, random.At(i), _decay.RateAt(moment, _propagation.BatchSize), isLast: i == batches - 1);
            isStopped = _shards?.IsStopped ?? false;
            if (!double.IsFinite(loss))
            {
                throw Diverged(epoch + 1, "the loss");
            }

            sum += loss;
            activity += _propagation.Network.ActivityPenalty;
            _runningLoss.Add(loss, rows);
        }

        ActivityPenalty = activity / _propagation.Rows;
        return new(sum / _propagation.Rows, _shards?.TrainingMetric ?? _propagation.TrainingMetric, IsComplete: i == batches, HasMoved: i > 0);
    }

    private (double Loss, int Rows) Step(int number, SeededRandom random, float decay, bool isLast)
    {
        if (_shards is not null)
        {
            (double sum, int count) = _shards.ForwardAndBackward(number, random);
            Update(decay, isLast);
            return (sum, count);
        }

        _threads.BeginStep();
        RowBatch batch = _ahead?.Take(number) ?? _propagation.Gather(number);
        double loss = _propagation.ForwardAndBackward(batch, random, 1f / batch.Count);
        Update(decay, isLast);
        _threads.EndStep(batch.Count);
        return (loss, batch.Count);
    }

    private void Update(float decay, bool isLast)
    {
        ParameterVector parameters = _propagation.Network.Parameters;
        Steps++;
        _observer?.BeforeUpdate(parameters, Steps);
        GradientNorm = _update.Apply(LearningRate, decay, Steps, wantsNorm: isLast);
        _observer?.AfterUpdate(parameters);
        _average?.Add(Steps);
    }
}
