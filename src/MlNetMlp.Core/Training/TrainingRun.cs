using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The state of one training: the network, the optimizer's memory, the order of the rows.</summary>
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
    private readonly MiniBatch _batch;
    private readonly int[] _order;
    private readonly int _batches;
    private readonly List<double> _monitored = [];

    public TrainingRun(MlpArchitecture architecture, Loss loss, IRowSource rows, MlpTrainingOptions options, TrainingSetup setup, ThreadTeam team)
    {
        _loss = loss;
        _rows = rows;
        _options = options;
        _setup = setup;
        _team = team;
        _random = new SeededRandom(options.Seed);
        int batchSize = options.BatchSizeFor(rows.Count);
        _batches = (rows.Count + batchSize - 1) / batchSize;
        _order = new int[rows.Count];
        Network = new MlpNetwork(architecture, batchSize);
        Network.Initialize(_random.At(Address.Initialization));
        switch (options.Optimizer)
        {
            case MiniBatchOptimizer optimizer:
                _update = new ParameterUpdate(Network.Parameters, optimizer, options, batchSize, _batches);
                break;
            case Lbfgs optimizer:
                _minimization = new FullBatchMinimization(Network, optimizer, options, rows.Count, Propagate);
                break;
        }

        _batch = new MiniBatch(batchSize, rows, setup.Standardizer, UnitsToLearn, (float)(rows.Count / setup.TotalWeight));
    }

    public MlpNetwork Network { get; }

    public float LearningRate { get; private set; }

    public double GradientNorm { get; private set; }

    /// <summary>The number of mini-batches learned so far, over all epochs.</summary>
    public long Steps { get; private set; }

    /// <summary>What L1 and L2 add to the loss, for the parameters as they are.</summary>
    public double Penalty => _minimization?.Penalty ?? _update!.Penalty;

    /// <summary>True once the optimizer knows that another epoch would bring nothing.</summary>
    public bool HasConverged => _minimization is { HasConverged: true };

    private TargetUnits? UnitsToLearn => _loss.TargetsAreValues ? _setup.Targets : null;

    /// <summary>Tells the schedule of the monitored loss of the epoch that was run last; without it the next epoch's rate is another.</summary>
    public void Observe(double monitoredLoss) => _monitored.Add(monitoredLoss);

    /// <summary>Runs epoch number <paramref name="epoch"/>, from 0; returns the mean loss, or null if it was cancelled on the way.</summary>
    /// <exception cref="TrainingDivergedException">A loss or, at the end, a parameter is not finite.</exception>
    public double? RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        if (_minimization is not null)
        {
            return Minimize(_minimization, epoch, cancellationToken);
        }

        Order(epoch);
        SeededRandom random = _random.At(Address.Epochs).At(epoch);
        double sum = 0;
        int i = 0;
        for (; i < _batches && !cancellationToken.IsCancellationRequested; i++)
        {
            _batch.Gather(_rows, BatchRows(i));

            // In the middle of the mini-batch, so that neither the first step of a warm-up nor the last of a cosine is of size zero.
            LearningRate = _options.LearningRate.RateAt(
                new ScheduleMoment(epoch + (i + 0.5) / _batches, _options.Epochs, CollectionsMarshal.AsSpan(_monitored)), Network.MaximumRows);
            double loss = Step(random.At(i), isLast: i == _batches - 1);
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException(epoch + 1, "the loss", LearningRate);
            }

            sum += loss;
        }

        // A cancelled epoch is only of use if it is the first: otherwise an earlier one is restored, and collecting would delay the end.
        bool isComplete = i == _batches;
        if (isComplete || (Steps > 0 && Steps < _batches))
        {
            CollectStatistics();
        }

        if (!RowOps.AllFinite(Network.Parameters.Values.Span))
        {
            throw new TrainingDivergedException(epoch + 1, "a parameter", LearningRate);
        }

        return isComplete ? sum / _rows.Count : null;
    }

    /// <summary>The mean loss and measure over a validation set, with the network as it scores after epoch number <paramref name="epoch"/>, from 0.</summary>
    /// <exception cref="TrainingDivergedException">The loss is not finite, so no epoch could be preferred to another.</exception>
    public (double Loss, double Metric) Evaluate(IRowSource rows, double totalWeight, int epoch)
    {
        var batch = new MiniBatch(Network.MaximumRows, rows, _setup.Standardizer, UnitsToLearn, 1);
        var pass = new Pass(PassMode.Scoring, Network.Parameters, _team, _random);
        Span<int> numbers = new int[Network.MaximumRows];
        double loss = 0, metric = 0;
        for (int first = 0; first < rows.Count; first += numbers.Length)
        {
            numbers = numbers[..Math.Min(numbers.Length, rows.Count - first)];
            Count(numbers, first);
            batch.Gather(rows, numbers);
            MatrixSpan logits = Network.Forward(pass, batch.Features);
            (double l, double m) = _loss.Evaluate(logits, batch.Targets, batch.Weights, _setup.Targets.Scale);
            loss += l;
            metric += m;
        }

        return double.IsFinite(loss)
            ? (loss / totalWeight, _loss.Metric(metric / totalWeight))
            : throw new TrainingDivergedException(epoch + 1, "the validation loss", LearningRate);
    }

    /// <summary>One mini-batch: forward, loss, backward, update.</summary>
    private double Step(SeededRandom random, bool isLast)
    {
        double loss = Propagate(random, 1f / _batch.Rows);
        Steps++;
        GradientNorm = _update!.Apply(LearningRate, Steps, measure: isLast);
        return loss;
    }

    /// <summary>Forward, loss and backward for the rows that were gathered: the sum of their losses, and the gradient of <paramref name="scale"/> times that sum.</summary>
    private double Propagate(SeededRandom random, float scale)
    {
        var pass = new Pass(PassMode.Training, Network.Parameters, _team, random);
        ReadOnlyMatrixSpan features = _batch.Features;
        MatrixSpan logits = Network.Forward(pass, features);
        double loss = _loss.Gradient(logits, _batch.Targets, _batch.Weights, scale, Network.LogitGradient(_batch.Rows));
        Network.Backward(pass, features);
        return loss;
    }

    /// <summary>The same for one block of all rows in their order; the gradient is its share of that of the mean loss.</summary>
    private double Propagate(int block, SeededRandom random)
    {
        int first = block * Network.MaximumRows;
        Span<int> numbers = _order.AsSpan(first, Math.Min(Network.MaximumRows, _order.Length - first));
        Count(numbers, first);
        _batch.Gather(_rows, numbers);
        return Propagate(random, 1f / _rows.Count);
    }

    /// <summary>One iteration of an optimizer that looks at all rows at once.</summary>
    private double? Minimize(FullBatchMinimization minimization, int epoch, CancellationToken cancellationToken)
    {
        double? loss = minimization.Run(_random.At(Address.Epochs).At(epoch), cancellationToken);
        (LearningRate, GradientNorm) = (minimization.StepLength, minimization.GradientNorm);
        if (loss is null)
        {
            return null;
        }

        Steps++;
        CollectStatistics();
        return double.IsFinite(loss.Value) && RowOps.AllFinite(Network.Parameters.Values.Span)
            ? loss
            : throw new TrainingDivergedException(epoch + 1, "the loss", LearningRate);
    }

    /// <summary>A fresh permutation every epoch, a function of seed and epoch alone.</summary>
    private void Order(int epoch)
    {
        Count(_order, 0);
        if (_options.Shuffle)
        {
            _random.At(Address.Shuffles).At(epoch).Shuffle(_order);
        }
    }

    private ReadOnlySpan<int> BatchRows(int batch)
    {
        int first = batch * Network.MaximumRows;
        return _order.AsSpan(first, Math.Min(Network.MaximumRows, _order.Length - first));
    }

    /// <summary>Passes the training rows through the network at rest, for the layers whose scoring statistics come from there.</summary>
    private void CollectStatistics()
    {
        BatchNormalizationLayer[] layers = [.. Network.CollectingLayers];
        if (layers.Length == 0)
        {
            return;
        }

        Array.ForEach(layers, layer => layer.StartCollecting());
        var pass = new Pass(PassMode.Collecting, Network.Parameters, _team, _random);
        for (int i = 0; i < _batches; i++)
        {
            _batch.Gather(_rows, BatchRows(i));
            Network.Forward(pass, _batch.Features);
        }

        Array.ForEach(layers, layer => layer.StoreCollected(Network.Parameters));
    }

    private static void Count(Span<int> numbers, int first)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = first + i;
        }
    }

    /// <summary>The first part of every address of chance.</summary>
    private static class Address
    {
        public const int Initialization = 0;
        public const int Shuffles = 1;
        public const int Epochs = 2;
    }
}
