using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Some steps of every shard on its own, and then the mean of what they have come to: parameters and the memory of the optimizer alike, corrected by
/// <see cref="LocalMerge"/>. See <see cref="MlpTrainingOptions.LocalSteps"/>.
/// </summary>
/// <remarks>
/// All shards begin with the same state, so a process with several of them makes their steps one shard after the other, with one network. Sebastian U. Stich,
/// Local SGD Converges Fast and Communicates Little, 2019.
/// </remarks>
internal sealed class LocalDescent : IDescent
{
    private readonly Propagation _propagation;
    private readonly ParameterUpdate _update;
    private readonly RunningLoss _runningLoss;
    private readonly TrainingTask _task;
    private readonly MlpTrainingOptions _options;
    private readonly Schedule _decay;
    private readonly ThreadTuner _threads;
    private readonly WeightAverage? _average;
    private readonly IShardExchange? _exchange;

    /// <summary>What the shards have in common: the trainable parameters and the memory of the optimizer.</summary>
    private readonly (AlignedBuffer Values, int Length)[] _parts;

    private readonly ShardTree _sums;
    private readonly LocalMerge _merge;
    private readonly double[] _numbers, _lengths;
    private AlignedBuffer _start, _end;
    private MetricMean _metric;

    /// <param name="task">What is trained.</param>
    /// <param name="optimizer">By which rule.</param>
    /// <param name="propagation">Its network and rows.</param>
    /// <param name="runningLoss">Told of the loss of every mini-batch.</param>
    /// <param name="team">The threads that share the work.</param>
    /// <param name="average">Told of the weights after every exchange; or null.</param>
    public LocalDescent(
        TrainingTask task, MiniBatchOptimizer optimizer, Propagation propagation, RunningLoss runningLoss, ThreadTeam team, WeightAverage? average)
    {
        (_task, _options, _propagation, _runningLoss, _average, _exchange) = (task, task.Options, propagation, runningLoss, average, task.Exchange);
        _decay = optimizer.WeightDecay;
        _update = new ParameterUpdate(propagation.Network.Parameters, optimizer, task, propagation.BatchSize, propagation.Batches, team);
        _threads = new ThreadTuner(team, task.UsesAllThreads);
        ParameterVector parameters = propagation.Network.Parameters;
        _parts = [(parameters.Values, parameters.Layout.TrainableLength), .. _update.State.Select(state => (state.Values, state.Values.Length))];
        int length = _parts.Sum(part => part.Length);
        (_start, _end, _sums) = (new AlignedBuffer(length), new AlignedBuffer(length), new ShardTree(length));
        _merge = new LocalMerge(optimizer, parameters, _options.Shards);
        (_numbers, _lengths) = (new double[_options.Shards * NumbersOfShard], new double[_merge.Lengths]);
        _metric = new MetricMean(task.Loss, task.Options.Metric);
    }

    public float LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    public double WeightPenalty => _update.Penalty;

    public double ActivityPenalty => 0;

    public bool HasConverged => false;

    public long Steps { get; set; }

    public IReadOnlyList<OptimizerState> State => [.. _update.State, _merge.State];

    private int First => _exchange?.First ?? 0;

    private int End => _exchange?.End ?? _options.Shards;

    /// <summary>
    /// The numbers of a shard: the sum of the losses of each of its steps, the squares of the lengths that it has gone, the sum and the weight of its metric,
    /// and the norm of its last gradient.
    /// </summary>
    private int NumbersOfShard => _options.LocalSteps + _merge.Lengths + 3;

    public EpochResult RunEpoch(
        int epoch, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses, CancellationToken cancellationToken)
    {
        _propagation.StartEpoch(epoch);
        _metric = new MetricMean(_task.Loss, _options.Metric);
        double sum = 0;
        int first = 0, batches = _propagation.Batches;
        Gather(_start.Span);
        for (bool goesOn = true; goesOn && first < batches && !cancellationToken.IsCancellationRequested;)
        {
            // The very first step is exchanged at once: nothing is known yet of how noisy gradients are.
            int count = Math.Min(Steps > 0 ? _options.LocalSteps : 1, batches - first);
            Array.Clear(_numbers);
            _sums.Clear();
            for (int shard = First; shard < End; shard++)
            {
                if (shard > First)
                {
                    Scatter(_start.Span);
                }

                for (int i = 0; i < count; i++)
                {
                    Step(shard, epoch, first, i, rateFactor, random, monitoredLosses);
                }

                AlignedBuffer end = _sums.Rent();
                Gather(end.Span);
                _merge.Measure(_start.Span, end.Span, LengthsOf(shard));
                _sums.Add(shard, end);
            }

            goesOn = Exchange(count);
            Steps += count;
            for (int i = 0; i < count; i++)
            {
                // In between there is no network that all have in common.
                _average?.Add(Steps - count + i + 1);
                double loss = SumOf(i);
                if (!double.IsFinite(loss))
                {
                    throw Diverged(epoch + 1, "the loss");
                }

                sum += loss;
                _runningLoss.Add(loss, _propagation.RowsIn(first + i));
            }

            first += count;
        }

        return new(sum / _propagation.Rows, _metric.Value, IsComplete: first >= batches, HasMoved: first > 0);
    }

    public TrainingDivergedException Diverged(int epoch, string what) => new(epoch, what, LearningRate);

    /// <summary>A step of a shard, with its part of a mini-batch.</summary>
    private void Step(int shard, int epoch, int first, int number, float rateFactor, SeededRandom random, ReadOnlySpan<double> monitoredLosses)
    {
        int batches = _propagation.Batches, place = first + number;
        var moment = new ScheduleMoment(epoch + (place + 0.5) / batches, _options.NumberOfEpochs, monitoredLosses);
        LearningRate = rateFactor * _options.LearningRate.RateAt(moment, _propagation.BatchSize);
        _propagation.At(moment);
        _update.At(moment);
        RowBatch batch = _propagation.Gather(place, shard, _options.Shards);
        if (batch.Count == 0)
        {
            return;
        }

        _threads.BeginStep();
        _propagation.StartMetric();
        double loss = _propagation.ForwardAndBackward(batch, random.At(place).At(shard), 1f / batch.Count);
        ParameterVector parameters = _propagation.Network.Parameters;
        long step = Steps + number + 1;
        _task.StepObserver?.BeforeUpdate(parameters, step);
        double norm = _update.Apply(LearningRate, _decay.RateAt(moment, _propagation.BatchSize), step, wantsNorm: place == batches - 1, _merge.SquareShare);
        _task.StepObserver?.AfterUpdate(parameters);
        _threads.EndStep(batch.Count);

        Span<double> numbers = NumbersOf(shard);
        numbers[number] = loss;
        _metric.AddRows(_propagation.MetricSums);
        numbers[^3] += _propagation.MetricSums.Sum;
        numbers[^2] += _propagation.MetricSums.Weight;
        numbers[^1] = norm;
    }

    /// <summary>
    /// Puts the mean over all shards into the parameters and the memory of the optimizer, where they start from next; false: the training is asked to stop.
    /// </summary>
    private bool Exchange(int count)
    {
        bool goesOn = true;
        if (_exchange is null)
        {
            _sums.TakeTotal(_end.Span);
        }
        else
        {
            _exchange.Begin(_sums, _end, 0, rounding: null);
            goesOn = _exchange.Finish(_numbers);
        }

        TensorPrimitives.Multiply(_end.Span, 1f / _options.Shards, _end.Span);
        double norms = 0;
        Array.Clear(_lengths);
        for (int shard = 0; shard < _options.Shards; shard++)
        {
            Span<double> numbers = NumbersOf(shard);
            _metric.Add(numbers[^3], numbers[^2]);
            norms += numbers[^1];
            for (int i = 0; i < _lengths.Length; i++)
            {
                _lengths[i] += LengthsOf(shard)[i] / _options.Shards;
            }
        }

        _merge.Correct(count, _start.Span, _end.Span, _lengths);
        Scatter(_end.Span);
        if (_update.Constrain())
        {
            Gather(_end.Span);
        }

        (_start, _end) = (_end, _start);
        GradientNorm = norms / _options.Shards;
        return goesOn;
    }

    /// <summary>The sum of the losses of a step over all shards.</summary>
    private double SumOf(int number)
    {
        double sum = 0;
        for (int shard = 0; shard < _options.Shards; shard++)
        {
            sum += NumbersOf(shard)[number];
        }

        return sum;
    }

    private Span<double> NumbersOf(int shard) => _numbers.AsSpan(shard * NumbersOfShard, NumbersOfShard);

    private Span<double> LengthsOf(int shard) => NumbersOf(shard).Slice(_options.LocalSteps, _merge.Lengths);

    private void Gather(Span<float> all)
    {
        foreach ((AlignedBuffer values, int length) in _parts)
        {
            values.Span[..length].CopyTo(all);
            all = all[length..];
        }
    }

    private void Scatter(ReadOnlySpan<float> all)
    {
        foreach ((AlignedBuffer values, int length) in _parts)
        {
            all[..length].CopyTo(values.Span);
            all = all[length..];
        }
    }
}
