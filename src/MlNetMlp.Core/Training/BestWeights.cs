namespace MlNetMlp;

/// <summary>
/// The parameters of the epoch with the lowest monitored loss so far, or of the latest epoch where nothing is to be chosen. Parameters that the
/// training starts from may be offered too, as epoch 0.
/// </summary>
/// <remarks>
/// The training loss alone is no reason to prefer an earlier epoch: it is summed up while the parameters move, so it tells of those
/// on the way and not of those at the end.
/// </remarks>
internal sealed class BestWeights(ParameterVector parameters, EarlyStopping? earlyStopping, bool keepsLatest)
{
    private readonly float[] _values = parameters.Snapshot();
    private double _reference = double.PositiveInfinity;
    private int _epochsSinceProgress;

    /// <summary>The epoch of the parameters that are kept; null before the first offer.</summary>
    public int? Epoch { get; private set; }

    public double Loss { get; private set; } = double.PositiveInfinity;

    /// <summary>True once the patience is exhausted.</summary>
    public bool ShouldStop => earlyStopping is not null && _epochsSinceProgress >= earlyStopping.Patience;

    /// <summary>Keeps the parameters if <paramref name="loss"/> is lower than ever, or in any case if the latest are to be kept; says whether it did.</summary>
    public bool Offer(int epoch, double loss)
    {
        // Progress, which feeds the patience, must be of some size; the weights to keep are simply the best ones.
        bool progress = loss < _reference - (earlyStopping?.MinDelta ?? 0);
        _epochsSinceProgress = progress ? 0 : _epochsSinceProgress + 1;
        _reference = progress ? loss : _reference;
        if (!keepsLatest && !(loss < Loss))
        {
            return false;
        }

        Loss = loss;
        Epoch = epoch;
        parameters.SnapshotInto(_values);
        return true;
    }

    public void Restore() => parameters.Restore(_values);
}
