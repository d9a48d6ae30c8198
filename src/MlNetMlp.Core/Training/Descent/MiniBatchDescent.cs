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

    /// <param name="task">What is trained.</param>
    /// <param name="optimizer">By which rule.</param>
    /// <param name="propagation">Its network and rows.</param>
    /// <param name="runningLoss">Told of the loss of every mini-batch.</param>
    /// <param name="team">The threads that share the work.</param>
    /// <param name="average">Told of the weights after every step; or null.</param>
    public MiniBatchDescent(
        TrainingTask task, MiniBatchOptimizer optimizer, Propagation propagation, RunningLoss runningLoss, ThreadTeam team, WeightAverage? average)
    {
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
        if (_ahead is not null)
        {
            _propagation.Start(_ahead);
        }

        double sum = 0, activity = 0;
        int i = 0, batches = _propagation.Batches;
        for (; i < batches && !cancellationToken.IsCancellationRequested; i++)
        {
            _threads.BeginStep();
            RowBatch batch = _ahead?.Take(i) ?? _propagation.Gather(i);

            // In the middle of the mini-batch, so that neither the first step of a warm-up nor the last of a cosine is of size zero.
            var moment = new ScheduleMoment(epoch + (i + 0.5) / batches, _options.NumberOfEpochs, monitoredLosses);
            LearningRate = rateFactor * _options.LearningRate.RateAt(moment, _propagation.BatchSize);
            _propagation.At(moment);
            _update.At(moment);
            double loss = Step(batch, random.At(i), _decay.RateAt(moment, _propagation.BatchSize), isLast: i == batches - 1);
            _threads.EndStep(batch.Count);
            if (!double.IsFinite(loss))
            {
                throw Diverged(epoch + 1, "the loss");
            }

            sum += loss;
            activity += _propagation.Network.ActivityPenalty;
            _runningLoss.Add(loss, batch.Count);
        }

        ActivityPenalty = activity / _propagation.Rows;
        return new(sum / _propagation.Rows, _propagation.TrainingMetric, IsComplete: i == batches, HasMoved: i > 0);
    }

    private double Step(RowBatch batch, SeededRandom random, float decay, bool isLast)
    {
        ParameterVector parameters = _propagation.Network.Parameters;
        double loss = _propagation.ForwardAndBackward(batch, random, 1f / batch.Count);
        Steps++;
        _observer?.BeforeUpdate(parameters, Steps);
        GradientNorm = _update.Apply(LearningRate, decay, Steps, wantsNorm: isLast);
        _observer?.AfterUpdate(parameters);
        _average?.Add(Steps);
        return loss;
    }
}
