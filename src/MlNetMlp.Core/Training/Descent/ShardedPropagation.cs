using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a training run with <see cref="MlpTrainingOptions.Shards"/> does with its network and its rows: every shard passes its part of a mini-batch on its
/// own, and what they come to is added up, whichever of them are here. A metric of the user needs all of them here.
/// </summary>
/// <remarks>
/// If some are elsewhere, those that are here pass backward side by side, some layers at a time, so that the gradients of the last layers can be exchanged
/// while those of the first are computed. Else they pass one after the other, which needs less memory.
/// </remarks>
internal sealed class ShardedPropagation
{
    /// <summary>The numbers of a shard: the sum of its losses, that of its metric, and the weight of the latter.</summary>
    private const int Loss = 0, MetricSum = 1, MetricWeight = 2, NumbersOfShard = 3;

    private readonly Propagation _propagation;
    private readonly TrainingTask _task;
    private readonly int _shards;
    private readonly IShardExchange? _exchange;
    private readonly ThreadTuner _threads;
    private readonly GradientSlice[] _slices;
    private readonly ShardTree[] _gradients;
    private readonly ShardLane[] _lanes;
    private readonly double[] _numbers;
    private readonly GradientRounding?[] _roundings;
    private readonly GradientRounding? _rounding;
    private MetricMean _metric;

    /// <param name="propagation">The network and the rows.</param>
    /// <param name="task">What is trained.</param>
    /// <param name="team">The threads that share the work.</param>
    public ShardedPropagation(Propagation propagation, TrainingTask task, ThreadTeam team)
    {
        (_propagation, _task, _shards, _exchange) = (propagation, task, task.Options.Shards, task.Exchange);
        _threads = new ThreadTuner(team, task.UsesAllThreads);
        _slices = propagation.Network.Slices(_exchange?.SliceLength ?? int.MaxValue);
        _gradients = [.. _slices.Select(slice => new ShardTree(slice.Length))];
        _lanes = propagation.CreateLanes(_slices.Length > 1 ? End - First : 1);
        _numbers = new double[_shards * NumbersOfShard];
        _roundings = new GradientRounding?[_shards];
        _rounding = task.Options.GradientPrecision == GradientPrecision.BFloat16 ? CreateRounding() : null;
        _metric = new(task.Loss, task.Options.Metric);
    }

    /// <summary>Whether the shards that are elsewhere have agreed with those here to stop after the last step.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The metric over the rows that were passed in training mode since <see cref="StartEpoch"/>.</summary>
    public double TrainingMetric => _metric.Value;

    private int First => _exchange?.First ?? 0;

    private int End => _exchange?.End ?? _shards;

    /// <summary>Begins an epoch, and with it the <see cref="TrainingMetric"/>.</summary>
    public void StartEpoch()
    {
        _metric = new MetricMean(_task.Loss, _task.Options.Metric);
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
        int rows = _propagation.RowsIn(number), rowsHere = 0;
        Array.ForEach(_gradients, tree => tree.Clear());
        _threads.BeginStep();
        for (int first = First; first < End; first += _lanes.Length)
        {
            rowsHere += Forward(first, number, random, 1f / rows);
            for (int i = 0; i < _slices.Length; i++)
            {
                Backward(first, i);
                if (first + _lanes.Length == End)
                {
                    Begin(i);
                }
            }
        }

        if (rowsHere > 0)
        {
            _threads.EndStep(rowsHere);
        }

        IsStopped = _exchange is not null && !_exchange.Finish(_numbers);
        return (SumUp(ref _metric), rows);
    }

    /// <summary>The mean loss and metric of the network, as it scores, over other rows; null if it was cancelled on the way.</summary>
    public (double Loss, double Metric)? Evaluate(IRowSource rows, double totalWeight, CancellationToken cancellationToken)
    {
        var metric = new MetricMean(_task.Loss, _task.Options.Metric);
        for (int shard = First; shard < End; shard++)
        {
            int first = ShardedOrder.Start(rows.Count, shard, _shards), end = ShardedOrder.Start(rows.Count, shard + 1, _shards);
            if (_propagation.Evaluate(rows, first, end, cancellationToken) is not { } sums)
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
            for (int i = 0; i < _propagation.Batches; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RowBatch batch = _propagation.Gather(i, shard, _shards);
                sum += batch.Count > 0 ? _propagation.Forward(batch, random.At(i).At(shard)) : 0;
            }

            Write(shard, sum, default);
        }

        _exchange?.Share(_numbers);
        var metric = new MetricMean(_task.Loss, null);
        return SumUp(ref metric);
    }

    /// <summary>Passes the shards from number <paramref name="first"/> on, as many as there are lanes; returns the number of their rows.</summary>
    private int Forward(int first, int number, SeededRandom random, float scale)
    {
        int rows = 0;
        for (int i = 0; i < _lanes.Length; i++)
        {
            int shard = first + i;
            _propagation.StartMetric();
            double loss = _propagation.Forward(_lanes[i], number, shard, _shards, random.At(shard), scale);
            Write(shard, loss, _propagation.MetricSums);
            _metric.AddRows(_propagation.MetricSums);
            rows += _lanes[i].Batch.Count;
        }

        return rows;
    }

    /// <summary>Passes a slice of the gradients of the same shards backward, and adds them to those of the shards before.</summary>
    private void Backward(int first, int slice)
    {
        for (int i = 0; i < _lanes.Length; i++)
        {
            int shard = first + i;
            Span<float> gradient = _lanes[i].Backward(_slices[slice]);
            if (_rounding is not null)
            {
                (_roundings[shard] ??= CreateRounding()).Round(_slices[slice].First, gradient);
            }

            _gradients[slice].Add(shard, 1, gradient);
        }
    }

    /// <summary>Adds up a slice over all shards, or at least begins to.</summary>
    private void Begin(int slice)
    {
        AlignedBuffer total = _propagation.Network.Parameters.Gradients;
        (_, _, int first, int length) = _slices[slice];
        if (_exchange is not null)
        {
            _exchange.Begin(_gradients[slice], total, first, _rounding);
            return;
        }

        Span<float> elements = total.Span.Slice(first, length);
        _gradients[slice].TakeTotal(elements);
        _rounding?.Round(first, elements);
    }

    private GradientRounding CreateRounding() => new(_propagation.Network.Parameters.Layout.TrainableLength);

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
