using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// One iteration of <see cref="Lbfgs"/> an epoch, on the mean loss of all training rows plus the penalties. The rows pass in blocks, always the
/// same, whose gradients are added up in their order.
/// </summary>
internal sealed class FullBatchDescent : IDescent, IObjective
{
    private readonly Propagation _propagation;
    private readonly int _epochs;
    private readonly ParameterVector _parameters;
    private readonly LbfgsMinimizer _minimizer;
    private readonly WeightPenalty _penalty;
    private readonly WeightPenalty _smoothPenalty;
    private readonly RunningLoss _runningLoss;
    private readonly IStepObserver? _observer;
    private readonly ThreadTuner _threads;
    private readonly float[] _statistics;
    private readonly AlignedBuffer _hasConverged = new(1);
    private readonly AlignedBuffer _metric = new(sizeof(double) / sizeof(float));
    private SeededRandom _random;
    private CancellationToken _cancellation;
    private double? _metricAtStart;

    /// <param name="task">What is trained.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="propagation">Its network and rows.</param>
    /// <param name="runningLoss">Told of the mean loss after every iteration.</param>
    /// <param name="team">The threads that share the work.</param>
    public FullBatchDescent(TrainingTask task, Lbfgs optimizer, Propagation propagation, RunningLoss runningLoss, ThreadTeam team)
    {
        _propagation = propagation;
        _epochs = task.Options.NumberOfEpochs;
        _parameters = propagation.Network.Parameters;
        _runningLoss = runningLoss;
        _threads = new ThreadTuner(team, task.UsesAllThreads);
        _observer = task.StepObserver;
        _penalty = new WeightPenalty(task.Penalties.Weights);
        _smoothPenalty = _penalty.WithoutL1();
        _minimizer = optimizer.CreateMinimizer(
            _parameters.Layout.TrainableLength, _penalty.L1.ContainsAnyExcept(0f) ? new OrthantPenalty(_penalty.L1, [.. _parameters.Segments]) : null);
        _statistics = new float[_parameters.Layout.StatisticLength];
        IsLasting = !task.Architecture.IsRandom;
    }

    /// <summary>The step of the last iteration, in lengths of its direction.</summary>
    public float LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    public double WeightPenalty => _penalty.Value(_parameters);

    /// <summary>Always 0: penalties on activations are refused.</summary>
    public double ActivityPenalty => 0;

    public bool HasConverged
    {
        get => _hasConverged.Span[0] != 0;
        private set => _hasConverged.Span[0] = value ? 1 : 0;
    }

    public long Steps { get; set; }

    public IReadOnlyList<OptimizerState> State => [.. _minimizer.State, new("converged", _hasConverged), new("metric", _metric)];

    public bool IsLasting { get; }

    public bool IsInterrupted { get; private set; }

    Span<float> IObjective.Parameters => _parameters.Trainable;

    /// <summary>The metric over the training rows for the parameters as the last iteration left them.</summary>
    private ref double Metric => ref MemoryMarshal.Cast<float, double>(_metric.Span)[0];

    private Span<float> Statistics => _parameters.Values.Span[_parameters.Layout.TrainableLength..];

    public EpochResult RunEpoch(
        int epoch, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses, CancellationToken cancellationToken)
    {
        _propagation.StartEpoch(epoch);
        _propagation.At(new ScheduleMoment(epoch + 0.5, _epochs, monitoredLosses));
        _observer?.BeforeUpdate(_parameters, Steps + 1);
        double? loss = Iterate(random, cancellationToken);
        (LearningRate, GradientNorm) = ((float)_minimizer.Step, _minimizer.GradientNorm);
        if (loss is not { } mean)
        {
            return new(double.NaN, double.NaN, IsComplete: false, HasMoved: false);
        }

        Steps++;
        _observer?.AfterUpdate(_parameters);
        if (!double.IsFinite(mean))
        {
            throw Diverged(epoch + 1, "the loss");
        }

        _runningLoss.Add(mean * _propagation.Rows, _propagation.Rows);
        return new(mean, Metric, IsComplete: true, HasMoved: true);
    }

    public TrainingDivergedException Diverged(int epoch, string what) => TrainingDivergedException.OfLineSearch(epoch, what);

    double IObjective.Evaluate(Span<float> gradient)
    {
        // The statistics of batch normalization move with every pass: only those at the place where the iteration ends may stay.
        _statistics.CopyTo(Statistics);
        gradient.Clear();
        _propagation.StartMetric();
        Span<float> share = _parameters.Gradients.Span;
        double sum = 0;
        for (int i = 0; i < _propagation.Batches; i++)
        {
            IsInterrupted |= _cancellation.IsCancellationRequested;
            if (IsInterrupted)
            {
                return double.NaN;
            }

            _threads.BeginStep();
            RowBatch batch = _propagation.Gather(i);
            sum += _propagation.ForwardAndBackward(batch, _random.At(i), 1f / _propagation.Rows);
            _threads.EndStep(batch.Count);
            TensorPrimitives.Add(gradient, share, gradient);
        }

        _metricAtStart ??= _propagation.TrainingMetric;
        gradient.CopyTo(share);
        _smoothPenalty.AddGradient(_parameters);
        share.CopyTo(gradient);
        return (sum / _propagation.Rows) + _smoothPenalty.Value(_parameters);
    }

    /// <summary>Returns the mean loss after an iteration, without penalties, NaN if there is none, or null if it was cancelled on the way.</summary>
    private double? Iterate(SeededRandom random, CancellationToken cancellationToken)
    {
        (_random, _cancellation) = (random, cancellationToken);
        Statistics.CopyTo(_statistics);
        bool startsAnew = !_minimizer.IsEvaluated || !IsLasting;
        _metricAtStart = startsAnew ? null : Metric;
        bool hasMoved = _minimizer.Iterate(this);

        // Where an iteration moves to is the place that it evaluated last.
        Metric = (hasMoved ? _propagation.TrainingMetric : _metricAtStart) ?? double.NaN;
        if (!hasMoved)
        {
            _statistics.CopyTo(Statistics);
        }

        if (IsInterrupted && !hasMoved)
        {
            return null;
        }

        if (!_minimizer.IsEvaluated)
        {
            return double.NaN;
        }

        HasConverged = IsLasting && (!hasMoved || _minimizer.IsAtMinimum);
        return _minimizer.Value - WeightPenalty;
    }
}
