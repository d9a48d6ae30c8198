using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The state of one training: the network, the optimizer's memory, the order of the rows and what is changed about them.</summary>
internal sealed class TrainingRun
{
    private readonly Loss _loss;
    private readonly IRowSource _rows;
    private readonly MlpTrainingOptions _options;
    private readonly TrainingSetup _setup;
    private readonly ThreadTeam _team;
    private readonly SeededRandom _random;
    private readonly ParameterUpdate? _update;
    private readonly FullBatchMinimization? _minimization;
    private readonly ReadAhead? _ahead;
    private readonly RunningLoss _runningLoss;
    private readonly EpochOrder _order;
    private readonly EpochAugmentation? _augmentation;
    private readonly int _batches;
    private readonly BatchReader _reader;
    private readonly List<double> _monitored = [];
    private RowBatch _batch;

    public TrainingRun(MlpArchitecture architecture, Loss loss, IRowSource rows, MlpTrainingOptions options, TrainingSetup setup, ThreadTeam team)
    {
        _loss = loss;
        _rows = rows;
        _options = options;
        _setup = setup;
        _team = team;
        _random = new SeededRandom(options.SeedOrDefault);
        int batchSize = options.BatchSizeFor(rows.Count);
        _batches = (rows.Count + batchSize - 1) / batchSize;
        _order = EpochOrder.Create(rows.Count, setup.Classes, options.Shuffle && options.Optimizer is MiniBatchOptimizer,
            _random.At(Address.Shuffles), rows.ShuffleWindow);
        _augmentation = options.Augmentation is { } augmentation ? new(augmentation, _order, _random.At(Address.Augmentation), team) : null;
        Network = new MlpNetwork(architecture, batchSize, rows.IsSparse);
        Network.Initialize(_random.At(Address.Initialization));
        switch (options.Optimizer)
        {
            case MiniBatchOptimizer optimizer:
                _update = new ParameterUpdate(Network.Parameters, optimizer, options, batchSize, _batches, team);
                break;
            case Lbfgs optimizer:
                _minimization = new FullBatchMinimization(Network, optimizer, options, rows.Count, Propagate);
                break;
        }

        _runningLoss = new RunningLoss((int)Math.Min(options.RunningLossBatches, (long)options.NumberOfEpochs * _batches));
        _reader = CreateReader(rows, rows.Count / setup.TotalWeight);
        _batch = _reader.CreateBatch(batchSize);

        // What changes rows on their way may be of the user's making: it is called by the thread that trains.
        _ahead = _update is not null && _augmentation is null ? ReadAhead.Create(_reader, batchSize, team.Threads) : null;
    }

    public MlpNetwork Network { get; }

    public float LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    /// <summary>The number of mini-batches learned so far, over all epochs.</summary>
    public long Steps { get; private set; }

    /// <summary>See <see cref="EpochReport.RunningLoss"/>.</summary>
    public double RunningLoss => _runningLoss.Mean;

    /// <summary>All that is carried from epoch to epoch, beside the number of steps. Written back into a new run, it continues this one bit for bit.</summary>
    public IReadOnlyList<OptimizerState> State =>
        [new("parameters", Network.Parameters.Values), .. _minimization?.State ?? _update!.State, _runningLoss.State];

    /// <summary>What penalties add to the loss: those on weights for the parameters as they are, those on activations as the last epoch met them.</summary>
    public double Penalty { get => WeightPenalty + field; private set; }

    /// <summary>True once the optimizer knows that another epoch would bring nothing.</summary>
    public bool HasConverged => _minimization is { HasConverged: true };

    private double WeightPenalty => _minimization?.Penalty ?? _update!.Penalty;

    /// <summary>Tells the schedule of the monitored loss of the epoch that was run last; without it the next epoch's rate is another.</summary>
    public void Observe(double monitoredLoss) => _monitored.Add(monitoredLoss);

    /// <summary>Goes on after so many steps, with <see cref="State"/> written back.</summary>
    public void ContinueFrom(long steps) => Steps = steps;

    /// <summary>Runs epoch number <paramref name="epoch"/>, from 0; returns the mean loss, or null if it was cancelled on the way.</summary>
    /// <param name="epoch">The number of the epoch, from 0.</param>
    /// <param name="keepsUnfinished">
    /// Whether the parameters of a cancelled epoch will be of use: then they are completed by the statistics that scoring needs.
    /// </param>
    /// <param name="cancellationToken">Looked at before every mini-batch.</param>
    /// <exception cref="TrainingDivergedException">A loss or, at the end, a parameter is not finite.</exception>
    public double? RunEpoch(int epoch, bool keepsUnfinished, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        if (_minimization is not null)
        {
            return Minimize(_minimization, epoch, keepsUnfinished, cancellationToken);
        }

        try
        {
            return Learn(epoch, keepsUnfinished, cancellationToken);
        }
        finally
        {
            _ahead?.End();
        }
    }

    /// <summary>One epoch in mini-batches.</summary>
    private double? Learn(int epoch, bool keepsUnfinished, CancellationToken cancellationToken)
    {
        _order.Start(epoch);
        _ahead?.Start(_order, Network.MaximumRows, _batches);
        SeededRandom random = _random.At(Address.Epochs).At(epoch);
        double sum = 0, activity = 0;
        int i = 0;
        for (; i < _batches && !cancellationToken.IsCancellationRequested; i++)
        {
            if (_ahead is not null)
            {
                _batch = _ahead.Take(i);
            }
            else
            {
                _reader.Gather(BatchRows(i), _batch, _team, _augmentation, i * Network.MaximumRows);
            }

            // In the middle of the mini-batch, so that neither the first step of a warm-up nor the last of a cosine is of size zero.
            LearningRate = _options.LearningRate.RateAt(
                new ScheduleMoment(epoch + (i + 0.5) / _batches, _options.NumberOfEpochs, CollectionsMarshal.AsSpan(_monitored)), Network.MaximumRows);
            double loss = Step(random.At(i), isLast: i == _batches - 1);
            if (!double.IsFinite(loss))
            {
                throw Diverged(epoch + 1, "the loss");
            }

            sum += loss;
            activity += Network.ActivityPenalty;
            _runningLoss.Add(loss, _batch.Count);
        }

        _ahead?.End();
        Penalty = activity / _rows.Count;

        // Where an earlier epoch is restored, or none returned, collecting would delay the end.
        bool isComplete = i == _batches;
        if (isComplete || (keepsUnfinished && i > 0))
        {
            isComplete &= CollectStatistics(keepsUnfinished ? CancellationToken.None : cancellationToken);
        }

        if (!RowOps.AllFinite(Network.Parameters.Values.Span))
        {
            throw Diverged(epoch + 1, "a parameter");
        }

        return isComplete ? sum / _rows.Count : null;
    }

    /// <summary>
    /// What an epoch would be judged by if it left the parameters as they are: the loss over the validation rows or, without any, over the
    /// training rows in the mini-batches of epoch 0, with dropout and noise as there, and the penalties. Statistics of batch normalization may move.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, before anything was learned.</exception>
    public (double Loss, double? Metric) Judge(IRowSource? validation, double validationWeight, CancellationToken cancellationToken)
    {
        if (validation is not null)
        {
            return Measure(validation, validationWeight, cancellationToken) ?? throw new OperationCanceledException(cancellationToken);
        }

        _order.Start(0);
        SeededRandom random = _random.At(Address.Epochs).At(0);
        double sum = 0;
        for (int i = 0; i < _batches; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _reader.Gather(BatchRows(i), _batch, _team, _augmentation, i * Network.MaximumRows);
            sum += Forward(new Pass(PassMode.Training, Network.Parameters, _team, random.At(i)) { RowWeights = _batch.WeightMemory }, 1f / _batch.Count) +
                Network.ActivityPenalty;
        }

        return (sum / _rows.Count + WeightPenalty, null);
    }

    /// <summary>
    /// The mean loss and measure over a validation set, with the network as it scores after epoch number <paramref name="epoch"/>, from 0; null if it was
    /// cancelled on the way.
    /// </summary>
    /// <exception cref="TrainingDivergedException">The loss is not finite, so no epoch could be preferred to another.</exception>
    public (double Loss, double Metric)? Evaluate(IRowSource rows, double totalWeight, int epoch, CancellationToken cancellationToken)
    {
        (double Loss, double Metric)? measured = Measure(rows, totalWeight, cancellationToken);
        return measured is { } value && !double.IsFinite(value.Loss) ? throw Diverged(epoch + 1, "the validation loss") : measured;
    }

    private (double Loss, double Metric)? Measure(IRowSource rows, double totalWeight, CancellationToken cancellationToken)
    {
        BatchReader reader = CreateReader(rows, 1);
        RowBatch batch = reader.CreateBatch(Network.MaximumRows);
        var pass = new Pass(PassMode.Scoring, Network.Parameters, _team, _random);
        double loss = 0, metric = 0;
        foreach (ReadOnlyMemory<int> numbers in RowNumbers.InBlocks(rows.Count, Network.MaximumRows))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            reader.Gather(numbers.Span, batch, _team);
            MatrixSpan logits = Network.Forward(pass, batch);
            (double l, double m) = _loss.Evaluate(logits, batch.TargetMatrix, batch.Weights, _setup.Targets.Scale);
            loss += l;
            metric += m;
        }

        return (loss / totalWeight, _loss.Metric(metric / totalWeight));
    }

    /// <summary>The model of the parameters as they are, which are those after epoch number <paramref name="epoch"/>, from 1.</summary>
    /// <exception cref="TrainingDivergedException">The parameters are finite, but not a weight into which several of them are folded for scoring.</exception>
    public MlpModel ToModel(int epoch)
    {
        try
        {
            return new MlpModel(Network.Architecture, _loss, _setup.Standardizer, _setup.Targets, Network.Parameters.Snapshot());
        }
        catch (OverflowException)
        {
            // Looked at here alone and not in every epoch: folding copies all weights, and what would overflow can come back.
            throw Diverged(epoch, "a weight of the network as it scores");
        }
    }

    /// <summary>One mini-batch: forward, loss, backward, update.</summary>
    private double Step(SeededRandom random, bool isLast)
    {
        var pass = new Pass(PassMode.Training, Network.Parameters, _team, random) { RowWeights = _batch.WeightMemory };
        double loss = Forward(pass, 1f / _batch.Count);
        Network.Backward(pass, _batch);
        Steps++;
        _options.StepObserver?.BeforeUpdate(Network.Parameters, Steps);
        GradientNorm = _update!.Apply(LearningRate, Steps, measure: isLast);
        _options.StepObserver?.AfterUpdate(Network.Parameters);
        return loss;
    }

    /// <summary>Forward, loss and backward for one block of all rows in their order; the gradient is the block's share of that of the mean loss.</summary>
    private double Propagate(int block, SeededRandom random)
    {
        _reader.Gather(BatchRows(block), _batch, _team);
        var pass = new Pass(PassMode.Training, Network.Parameters, _team, random) { RowWeights = _batch.WeightMemory };
        double loss = Forward(pass, 1f / _rows.Count);
        Network.Backward(pass, _batch);
        return loss;
    }

    /// <summary>One iteration of an optimizer that looks at all rows at once.</summary>
    private double? Minimize(FullBatchMinimization minimization, int epoch, bool keepsUnfinished, CancellationToken cancellationToken)
    {
        _order.Start(epoch);
        _options.StepObserver?.BeforeUpdate(Network.Parameters, Steps + 1);
        double? loss = minimization.Run(_random.At(Address.Epochs).At(epoch), cancellationToken);
        (LearningRate, GradientNorm) = (minimization.StepLength, minimization.GradientNorm);
        if (loss is null)
        {
            return null;
        }

        Steps++;
        _options.StepObserver?.AfterUpdate(Network.Parameters);
        _runningLoss.Add(loss.Value * _rows.Count, _rows.Count);
        if (!CollectStatistics(keepsUnfinished ? CancellationToken.None : cancellationToken))
        {
            return null;
        }

        return double.IsFinite(loss.Value) && RowOps.AllFinite(Network.Parameters.Values.Span)
            ? loss
            : throw Diverged(epoch + 1, "the loss");
    }

    /// <summary>
    /// The sum of the losses of the rows that were gathered; leaves the gradient of <paramref name="scale"/> times that sum for the
    /// backward pass.
    /// </summary>
    private double Forward(in Pass pass, float scale)
    {
        MatrixSpan logits = Network.Forward(pass, _batch);
        return _loss.Gradient(logits, _batch.TargetMatrix, _batch.Weights, scale, Network.LogitGradient(_batch.Count));
    }

    private TrainingDivergedException Diverged(int epoch, string what) =>
        _minimization is null ? new(epoch, what, LearningRate) : TrainingDivergedException.OfLineSearch(epoch, what);

    private ReadOnlySpan<int> BatchRows(int batch) => _order.Rows(batch * Network.MaximumRows, Network.MaximumRows);

    /// <summary>Passes the training rows, as given, through the network at rest, for the layers whose scoring statistics come from there.</summary>
    /// <returns>False if it was cancelled on the way.</returns>
    private bool CollectStatistics(CancellationToken cancellationToken)
    {
        Layer[] layers = [.. Network.CollectingLayers];
        if (layers.Length == 0)
        {
            return true;
        }

        Array.ForEach(layers, layer => layer.StartCollecting());
        var pass = new Pass(PassMode.Collecting, Network.Parameters, _team, _random);
        for (int i = 0; i < _batches; i++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            _reader.Gather(BatchRows(i), _batch, _team);
            Network.Forward(pass, _batch);
        }

        Array.ForEach(layers, layer => layer.StoreCollected(Network.Parameters));
        return true;
    }

    private BatchReader CreateReader(IRowSource rows, double weightScale) =>
        new(rows, _setup.Standardizer, _loss.TargetsAreValues ? _setup.Targets : null, weightScale, _rows.IsSparse);

    /// <summary>The first part of every address of chance.</summary>
    private static class Address
    {
        public const int Initialization = 0;
        public const int Shuffles = 1;
        public const int Epochs = 2;
        public const int Augmentation = 3;
    }
}
