using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a training run with <see cref="MlpTrainingOptions.Shards"/> does with its network and its rows: every shard passes its part of a mini-batch on its
/// own, and what they come to is added up, whichever of them are here. A metric of the user needs all of them here.
/// </summary>
/// <param name="propagation">The network and the rows.</param>
/// <param name="task">What is trained.</param>
/// <param name="team">The threads that share the work.</param>
internal sealed class ShardedPropagation(Propagation propagation, TrainingTask task, ThreadTeam team)
{
    /// <summary>The numbers of a shard: the sum of its losses, that of its metric, and the weight of the latter.</summary>
    private const int Loss = 0, MetricSum = 1, MetricWeight = 2, NumbersOfShard = 3;

    private readonly int _shards = task.Options.Shards;
    private readonly IShardExchange? _exchange = task.Exchange;
    private readonly ThreadTuner _threads = new(team, task.UsesAllThreads);
    private readonly ShardTree _gradients = new(propagation.Network.Parameters.Layout.TrainableLength);
    private readonly double[] _numbers = new double[task.Options.Shards * NumbersOfShard];
    private readonly GradientRounding?[] _roundings = new GradientRounding?[task.Options.Shards];
    private readonly GradientRounding? _rounding = task.Options.GradientPrecision == GradientPrecision.BFloat16
        ? new(propagation.Network.Parameters.Layout.TrainableLength)
        : null;

    private MetricMean _metric = new(task.Loss, task.Options.Metric);

    /// <summary>Whether the shards that are elsewhere have agreed with those here to stop after the last step.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The metric over the rows that were passed in training mode since <see cref="StartEpoch"/>.</summary>
    public double TrainingMetric => _metric.Value;

    private int First => _exchange?.First ?? 0;

    private int End => _exchange?.End ?? _shards;

    /// <summary>Begins an epoch, and with it the <see cref="TrainingMetric"/>.</summary>
    public void StartEpoch()
    {
        _metric = new MetricMean(task.Loss, task.Options.Metric);
        _rounding?.Clear();
        foreach (GradientRounding? rounding in _roundings)
        {
            rounding?.Clear();
        }
    }

    /// <summary>
    /// Passes a mini-batch forward and the gradient of the mean of its losses backward, and leaves it where <see cref="Propagation"/> would.
    /// </summary>
    /// <param name="number">The number of the mini-batch in the epoch.</param>
    /// <param name="random">The random numbers of the mini-batch.</param>
    /// <returns>The sum of the losses of its rows, and their number.</returns>
    public (double Loss, int Rows) ForwardAndBackward(int number, SeededRandom random)
    {
        Span<float> gradient = propagation.Network.Parameters.Gradients.Span;
        int rows = propagation.RowsIn(number);
        _gradients.Clear();
        for (int shard = First; shard < End; shard++)
        {
            RowBatch batch = propagation.Gather(number, shard, _shards);
            propagation.StartMetric();
            double loss = 0;
            if (batch.Count > 0)
            {
                _threads.BeginStep();
                loss = propagation.ForwardAndBackward(batch, random.At(shard), 1f / rows);
                _threads.EndStep(batch.Count);
            }
            else
            {
                gradient.Clear();
            }

            Write(shard, loss, propagation.MetricSums);
            _metric.AddRows(propagation.MetricSums);
            if (_rounding is not null)
            {
                (_roundings[shard] ??= new GradientRounding(gradient.Length)).Round(0, gradient);
            }

            _gradients.Add(shard, 1, gradient);
        }

        if (_exchange is null)
        {
            _gradients.TakeTotal(gradient);
            _rounding?.Round(0, gradient);
        }
        else
        {
            IsStopped = !_exchange.Sum(_gradients, gradient, _numbers, _rounding);
        }

        return (SumUp(ref _metric), rows);
    }

    /// <summary>The mean loss and metric of the network, as it scores, over other rows; null if it was cancelled on the way.</summary>
    public (double Loss, double Metric)? Evaluate(IRowSource rows, double totalWeight, CancellationToken cancellationToken)
    {
        var metric = new MetricMean(task.Loss, task.Options.Metric);
        for (int shard = First; shard < End; shard++)
        {
            int first = ShardedOrder.Start(rows.Count, shard, _shards), end = ShardedOrder.Start(rows.Count, shard + 1, _shards);
            if (propagation.Evaluate(rows, first, end, cancellationToken) is not { } sums)
            {
                return null;
            }

            Write(shard, sums.Loss, sums.Metric);
            metric.AddRows(sums.Metric);
        }

        _exchange?.Share(_numbers);
        return (SumUp(ref metric) / totalWeight, metric.Value);
    }

    /// <summary>The sum of the losses of the training rows in the mini-batches of the epoch that was started last, in training mode.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double ForwardAll(SeededRandom random, CancellationToken cancellationToken)
    {
        for (int shard = First; shard < End; shard++)
        {
            double sum = 0;
            for (int i = 0; i < propagation.Batches; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RowBatch batch = propagation.Gather(i, shard, _shards);
                sum += batch.Count > 0 ? propagation.Forward(batch, random.At(i).At(shard)) : 0;
            }

            Write(shard, sum, default);
        }

        _exchange?.Share(_numbers);
        var metric = new MetricMean(task.Loss, null);
        return SumUp(ref metric);
    }

    private void Write(int shard, double loss, MetricMean metric)
    {
        Span<double> numbers = _numbers.AsSpan(shard * NumbersOfShard, NumbersOfShard);
        (numbers[Loss], numbers[MetricSum], numbers[MetricWeight]) = (loss, metric.Sum, metric.Weight);
    }

    /// <summary>Adds up the numbers in the order of the shards; returns the sum of the losses.</summary>
    private double SumUp(ref MetricMean metric)
    {
        double loss = 0;
        for (int shard = 0; shard < _shards; shard++)
        {
            ReadOnlySpan<double> numbers = _numbers.AsSpan(shard * NumbersOfShard, NumbersOfShard);
            loss += numbers[Loss];
            metric.Add(numbers[MetricSum], numbers[MetricWeight]);
        }

        return loss;
    }
}
