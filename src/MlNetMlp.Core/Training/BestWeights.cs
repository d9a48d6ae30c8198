using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The parameters of the epoch with the lowest monitored loss so far, or of the latest epoch where nothing is to be chosen. Parameters that the
/// training starts from may be offered too, as epoch 0.
/// </summary>
/// <remarks>
/// The training loss alone is no reason to prefer an earlier epoch: it is summed up while the parameters move, so it tells of those
/// on the way and not of those at the end.
/// </remarks>
internal sealed class BestWeights
{
    private readonly ParameterVector _parameters;
    private readonly EarlyStopping? _earlyStopping;
    private readonly bool _higherMetricIsBetter;
    private readonly bool _keepsLatest;
    private readonly AlignedBuffer _values;
    private readonly int _numberOfEpochs;
    private double _reference = double.PositiveInfinity;
    private int _epochsSinceProgress;
    private int _epochOfProgress;
    private bool _isChosenByCallback;

    public BestWeights(ParameterVector parameters, bool higherMetricIsBetter, EarlyStopping? earlyStopping, bool keepsLatest, int numberOfEpochs)
    {
        _numberOfEpochs = numberOfEpochs;
        _higherMetricIsBetter = higherMetricIsBetter;
        _parameters = parameters;
        _earlyStopping = earlyStopping;
        _keepsLatest = keepsLatest;
        _values = new AlignedBuffer(parameters.Values.Length);
        parameters.SnapshotInto(_values.Span);
    }

    /// <summary>The epoch of the parameters that are kept; null before the first offer.</summary>
    public int? Epoch { get; private set; }

    /// <summary>What they were chosen by, the lower the better.</summary>
    private double Lowest { get; set; } = double.PositiveInfinity;

    /// <summary>The parameters that are kept. The losses that chose them are in the reports; see <see cref="Replay"/>.</summary>
    public OptimizerState State => new("best parameters", _values);

    /// <summary>True once the patience is exhausted.</summary>
    public bool ShouldStop => _earlyStopping is not null && _epochsSinceProgress >= _earlyStopping.PatienceAt(_epochOfProgress, _numberOfEpochs);

    /// <summary>Keeps the parameters if the epoch is better than all before, or in any case if the latest are to be kept; says whether it did.</summary>
    /// <param name="epoch">The number of the epoch, or 0 for the parameters that the training started from.</param>
    /// <param name="loss">Its monitored loss.</param>
    /// <param name="metric">Its metric over the validation rows, or null if there are none.</param>
    public bool Offer(int epoch, double loss, double? metric)
    {
        bool isBest = Compare(epoch, loss, metric);
        if (isBest)
        {
            _parameters.SnapshotInto(_values.Span);
        }

        return isBest;
    }

    /// <summary>Keeps the parameters whatever their loss, as a callback wants it, which alone chooses from now on.</summary>
    /// <param name="epoch">The number of the epoch.</param>
    public void Keep(int epoch)
    {
        _parameters.SnapshotInto(_values.Span);
        Choose(epoch);
    }

    /// <summary>
    /// Comes to the state after the epochs of <paramref name="history"/>; the parameters that were kept are put back by whoever saved
    /// <see cref="State"/>.
    /// </summary>
    /// <param name="history">The reports of all epochs so far.</param>
    /// <param name="kept">Those that a callback kept.</param>
    public void Replay(IEnumerable<EpochReport> history, IReadOnlyList<int> kept)
    {
        foreach (EpochReport report in history)
        {
            Compare(report.Epoch, report.MonitoredLoss, report.ValidationMetric);
            if (kept.Contains(report.Epoch))
            {
                Choose(report.Epoch);
            }
        }
    }

    public void Restore() => _parameters.Restore(_values.Span);

    private void Choose(int epoch) => (Epoch, _isChosenByCallback) = (epoch, true);

    private bool Compare(int epoch, double loss, double? metric)
    {
        double quantity = _earlyStopping is { Monitor: MonitoredQuantity.Metric } && metric is { } value
            ? _higherMetricIsBetter ? -value : value
            : loss;

        // Progress, which feeds the patience, must be of some size; the weights to keep are simply the best ones.
        bool progress = quantity < _reference - (_earlyStopping?.MinDelta ?? 0);
        _epochsSinceProgress = progress ? 0 : _epochsSinceProgress + 1;
        _epochOfProgress = progress ? epoch : _epochOfProgress;
        _reference = progress ? quantity : _reference;
        if (_isChosenByCallback || (!_keepsLatest && !(quantity < Lowest)))
        {
            return false;
        }

        Lowest = quantity;
        Epoch = epoch;
        return true;
    }
}
