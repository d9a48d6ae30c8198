using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a training run does with its network and its rows, whichever way it goes down: gathers them, passes them forward and gradients backward,
/// evaluates the loss, and collects the statistics that scoring needs.
/// </summary>
internal sealed class Propagation
{
    private readonly IRowSource _rows;
    private readonly Loss _loss;
    private readonly EpochMetric? _ownMetric;
    private readonly TrainingSetup _setup;
    private readonly ThreadTeam _team;
    private readonly ThreadTuner _scoringThreads;
    private readonly EpochOrder _order;
    private readonly MiniBatches _batches;
    private readonly EpochAugmentation? _augmentation;
    private readonly BatchReader _reader;
    private readonly RowBatch _batch;
    private readonly SeededRandom _random;
    private readonly Schedule _dropout;
    private readonly List<MlpNetwork> _networks = [];

    /// <summary>The most rows of a pass.</summary>
    private readonly int _rowsAtOnce;

    private MetricMean _metric;
    private float _dropoutFactor;

    /// <summary>What the weights of training rows are multiplied by, so that their mean is 1.</summary>
    private readonly double _weightOfOne;

    /// <param name="task">What is trained.</param>
    /// <param name="setup">What is known of its rows.</param>
    /// <param name="team">The threads that share the work.</param>
    public Propagation(TrainingTask task, TrainingSetup setup, ThreadTeam team)
    {
        MlpTrainingOptions options = task.Options;
        _rows = task.Rows;
        _loss = task.Loss;
        _ownMetric = options.Metric;
        _metric = new MetricMean(_loss, _ownMetric);
        _setup = setup;
        _team = team;
        _scoringThreads = new ThreadTuner(team, task.UsesAllThreads);
        _random = new SeededRandom(options.SeedOrDefault);
        _dropout = options.DropoutSchedule;
        bool shuffle = options.Shuffle && !options.Optimizer.NeedsAllRows;
        SeededRandom shuffles = _random.At(TrainingRandom.Shuffles);
        _order = options.Shards > 1 ? new ShardedOrder(_rows.Count, options.Shards, task.BatchSize, shuffle, shuffles, _rows.ShuffleWindow)
            : EpochOrder.Create(_rows.Count, setup.Classes, shuffle, shuffles, _rows.ShuffleWindow);
        _augmentation = options.Augmentation is { } augmentation ? new(augmentation, _order, _random.At(TrainingRandom.Augmentation), team) : null;
        _batches = new MiniBatches(_rows.Count, task.BatchSize, JoinsSingleRow: task.Architecture.NormalizesOverRows);
        _rowsAtOnce = (_batches.LargestSize + options.Shards - 1) / options.Shards;
        Network = CreateNetwork(task, setup, _rowsAtOnce);
        _networks.Add(Network);
        _weightOfOne = _rows.Count / setup.TotalWeight;
        At(new ScheduleMoment(0, options.NumberOfEpochs));
        _reader = CreateReader(_rows, _weightOfOne);
        _batch = _reader.CreateBatch(_rowsAtOnce);
    }

    public MlpNetwork Network { get; }

    /// <summary>The number of training rows.</summary>
    public int Rows => _rows.Count;

    /// <summary>The number of rows of a mini-batch, see <see cref="MiniBatches.Size"/>.</summary>
    public int BatchSize => _batches.Size;

    /// <summary>The number of mini-batches of an epoch.</summary>
    public int Batches => _batches.Count;

    /// <summary>The metric over the rows that were passed forward in training mode since <see cref="StartMetric"/>.</summary>
    public double TrainingMetric => _metric.Value;

    /// <summary>What <see cref="TrainingMetric"/> is made of.</summary>
    public MetricMean MetricSums => _metric;

    /// <summary>The network of a training run as it starts.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="setup">What is known of its rows.</param>
    /// <param name="maximumRows">The most rows of a pass; 0 for a network that is not run.</param>
    public static MlpNetwork CreateNetwork(TrainingTask task, TrainingSetup setup, int maximumRows)
    {
        var network = new MlpNetwork(task.Architecture, maximumRows, task.Rows.IsSparse, task.Groups);
        network.Initialize(new SeededRandom(task.Options.SeedOrDefault).At(TrainingRandom.Initialization));
        if (task.Options.TransferFrom is { } model)
        {
            network.TakeHiddenLayers(model.RestoreParameters());
        }

        if (setup.StartingOutputs is { } outputs)
        {
            network.StartOutputsAt(outputs);
        }

        return network;
    }

    /// <summary>Takes from the schedules of dropout and of penalties on activations what holds at a moment of the training.</summary>
    public void At(in ScheduleMoment moment)
    {
        _dropoutFactor = Math.Clamp(_dropout.RateAt(moment), 0, 1);
        foreach (MlpNetwork network in _networks)
        {
            network.At(moment);
        }
    }

    /// <summary>Puts the training rows into their order in epoch number <paramref name="epoch"/>, from 0.</summary>
    public void StartEpoch(int epoch) => _order.Start(epoch);

    /// <summary>Begins the <see cref="TrainingMetric"/> anew.</summary>
    public void StartMetric() => _metric = new MetricMean(_loss, _ownMetric);

    /// <summary>Reading the mini-batches of an epoch ahead, or null where that does not pay; see <see cref="ReadAhead.Create"/>.</summary>
    public ReadAhead? CreateReadAhead() =>
        // What changes rows on their way may be of the user's making: it is called by the thread that trains.
        _augmentation is null && _order is not ShardedOrder ? ReadAhead.Create(_reader, _batches.LargestSize, _team.Threads) : null;

    /// <summary>Begins to read ahead the mini-batches of the epoch that was started last.</summary>
    public void Start(ReadAhead ahead) => ahead.Start(_order, _batches);

    /// <summary>Mini-batch number <paramref name="number"/> of the epoch, from 0, its rows changed as the options ask for; valid until the next call.</summary>
    public RowBatch Gather(int number)
    {
        _reader.Gather(RowsOf(number), _batch, _team, _augmentation, _batches.FirstPlace(number));
        if (number + 1 < Batches)
        {
            _reader.Foresee(RowsOf(number + 1));
        }

        return _batch;
    }

    /// <summary>The number of rows of mini-batch number <paramref name="number"/>.</summary>
    public int RowsIn(int number) => RowsOf(number).Length;

    /// <summary>The part of a mini-batch that a shard gives it, which may have no rows; valid until the next call.</summary>
    public RowBatch Gather(int number, int shard, int shards)
    {
        Gather(number, shard, shards, _batch);
        return _batch;
    }

    /// <summary>Makes room for shards that pass side by side. The first is that of <see cref="Network"/>; the others share its parameters.</summary>
    /// <param name="count">How many shards there are at a time; rows are dense.</param>
    public ShardLane[] CreateLanes(int count)
    {
        var lanes = new ShardLane[count];
        lanes[0] = new ShardLane(Network, _batch);
        for (int i = 1; i < count; i++)
        {
            _networks.Add(new MlpNetwork(Network.Architecture, _rowsAtOnce, parameters: Network.Parameters));
            lanes[i] = new ShardLane(_networks[^1], _reader.CreateBatch(_rowsAtOnce));
        }

        return lanes;
    }

    /// <summary>Passes the part of a mini-batch that a shard gives it forward, in training mode.</summary>
    /// <param name="lane">Where; it keeps the rows and the gradient of the logits for the backward pass.</param>
    /// <param name="number">The number of the mini-batch in the epoch.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="shards">How many there are.</param>
    /// <param name="random">The random numbers of this pass alone.</param>
    /// <param name="scale">What the losses are multiplied by, for the gradient alone.</param>
    /// <returns>The sum of the losses of its rows; 0 if there are none.</returns>
    public double Forward(ShardLane lane, int number, int shard, int shards, SeededRandom random, float scale)
    {
        Gather(number, shard, shards, lane.Batch);
        lane.Pass = PassOver(lane.Batch, PassMode.Training, random);
        return lane.Batch.Count > 0 ? Forward(lane.Network, lane.Batch, lane.Pass, scale) : 0;
    }

    /// <summary>Passes a mini-batch forward in training mode.</summary>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="random">The random numbers of this pass alone.</param>
    /// <returns>The sum of the losses of its rows.</returns>
    public double Forward(RowBatch batch, SeededRandom random) =>
        Forward(Network, batch, PassOver(batch, PassMode.Training, random), 1f / batch.Count);

    /// <summary>Passes a mini-batch forward and the gradient of <paramref name="scale"/> times the sum of its losses backward, in training mode.</summary>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="random">The random numbers of this pass alone.</param>
    /// <param name="scale">What the losses are multiplied by.</param>
    /// <returns>The sum of the losses of its rows, not multiplied.</returns>
    public double ForwardAndBackward(RowBatch batch, SeededRandom random, float scale)
    {
        Pass pass = PassOver(batch, PassMode.Training, random);
        double loss = Forward(Network, batch, pass, scale);
        Network.Backward(pass, batch);
        return loss;
    }

    /// <summary>The mean loss and metric of the network, as it scores, over other rows; null if it was cancelled on the way.</summary>
    public (double Loss, double Metric)? Evaluate(IRowSource rows, double totalWeight, CancellationToken cancellationToken) =>
        Evaluate(rows, 0, rows.Count, cancellationToken) is { } sums ? (sums.Loss / totalWeight, sums.Metric.Value) : null;

    /// <summary>The sums of losses and metric over the rows from <paramref name="first"/> up to <paramref name="end"/>; null if it was cancelled.</summary>
    public (double Loss, MetricMean Metric)? Evaluate(IRowSource rows, int first, int end, CancellationToken cancellationToken)
    {
        BatchReader reader = CreateReader(rows, 1);
        int rowsAtOnce = Math.Min(BatchSize, _rowsAtOnce);
        RowBatch batch = reader.CreateBatch(rowsAtOnce);
        int[] block = new int[rowsAtOnce];
        var pass = new Pass(PassMode.Scoring, Network.Parameters, _team, _random);
        double loss = 0;
        var metric = new MetricMean(_loss, _ownMetric);
        for (; first < end; first += rowsAtOnce)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            Span<int> numbers = block.AsSpan(0, Math.Min(rowsAtOnce, end - first));
            RowNumbers.Fill(numbers, first);
            _scoringThreads.BeginStep();
            reader.Gather(numbers, batch, _team);
            MatrixSpan logits = Network.Forward(pass, batch);
            LossSums sums = Network.Evaluate(_loss, logits, batch, UnitsOfMetric, _team);
            Add(ref metric, Network, logits, batch, sums);
            loss += sums.Loss;
            _scoringThreads.EndStep(batch.Count);
            pass = pass with { KeepsParameters = true };
        }

        return (loss, metric);
    }

    /// <summary>
    /// Passes the training rows, as given, through the network at rest, for the layers whose scoring statistics come from there.
    /// </summary>
    /// <param name="ofAllLayers">
    /// Whether also for those that otherwise keep up an average of their own, which would not be that of the parameters as they are.
    /// </param>
    /// <param name="cancellationToken">Looked at before every mini-batch.</param>
    /// <returns>False if it was cancelled on the way.</returns>
    public bool CollectStatistics(bool ofAllLayers, CancellationToken cancellationToken)
    {
        Layer[] layers = [.. Network.CollectingLayers(ofAllLayers)];
        if (layers.Length == 0)
        {
            return true;
        }

        Array.ForEach(layers, layer => layer.StartCollecting());
        for (int i = 0; i < Batches; i++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            _scoringThreads.BeginStep();
            _reader.Gather(RowsOf(i), _batch, _team);
            Network.Forward(PassOver(_batch, PassMode.Collecting, _random), _batch);
            _scoringThreads.EndStep(_batch.Count);
        }

        Array.ForEach(layers, layer => layer.StoreCollected(Network.Parameters));
        return true;
    }

    /// <summary>The units of the targets for the metric of the loss; null: there is one of the user's instead.</summary>
    private TargetUnits? UnitsOfMetric => _ownMetric is null ? _setup.Targets : null;

    private void Add(ref MetricMean metric, MlpNetwork network, MatrixSpan logits, RowBatch batch, LossSums sums)
    {
        if (_ownMetric is null)
        {
            metric.Add(sums.Metric, sums.MetricWeight);
        }
        else
        {
            metric.Add(network.Predictions(_loss, logits), batch, _setup.Targets);
        }
    }

    private void Gather(int number, int shard, int shards, RowBatch batch)
    {
        ReadOnlySpan<int> rows = RowsOf(number);
        int first = ShardedOrder.Start(rows.Length, shard, shards), end = ShardedOrder.Start(rows.Length, shard + 1, shards);
        _reader.Gather(rows[first..end], batch, _team, _augmentation, _batches.FirstPlace(number) + first);
    }

    private BatchReader CreateReader(IRowSource rows, double weightScale) =>
        new(rows, _setup.Standardizer, _loss.TargetsAreValues ? _setup.Targets : null, weightScale, _rows.IsSparse);

    private ReadOnlySpan<int> RowsOf(int batch) => _batches.Of(_order, batch);

    private Pass PassOver(RowBatch batch, PassMode mode, SeededRandom random) =>
        new(mode, Network.Parameters, _team, random) { RowWeights = batch.WeightMemory, WeightOfOne = _weightOfOne, DropoutFactor = _dropoutFactor };

    /// <summary>Leaves the gradient of the logits for the backward pass.</summary>
    private double Forward(MlpNetwork network, RowBatch batch, in Pass pass, float scale)
    {
        MatrixSpan logits = network.Forward(pass, batch);
        LossSums sums = network.Differentiate(_loss, logits, batch, scale, UnitsOfMetric, pass.Team);
        Add(ref _metric, network, logits, batch, sums);
        return sums.Loss;
    }
}
