using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The metric of a loss, or the user's own, over all rows that were added: example weights count, class weights do not.</summary>
/// <param name="loss">The loss.</param>
/// <param name="own">The user's metric; null: that of the loss.</param>
internal struct MetricMean(Loss loss, EpochMetric? own)
{
    private readonly ScoredRows? _rows = own is null ? null : new();

    /// <summary>The weighted sum, see <see cref="Loss.MetricSum"/>.</summary>
    public double Sum { get; private set; }

    /// <summary>The sum of the weights.</summary>
    public double Weight { get; private set; }

    /// <summary>The metric so far; NaN without any weight.</summary>
    public readonly double Value => _rows is null ? loss.Metric(Sum / Weight) : _rows.Count == 0 ? double.NaN : own!.Function(_rows);

    /// <summary>Takes in a block of rows.</summary>
    /// <param name="logits">[rows, outputs]: what the network makes of them.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="units">The units in which the targets were given.</param>
    public void Add(ReadOnlyMatrixSpan logits, RowBatch batch, TargetUnits units)
    {
        if (_rows is not null)
        {
            _rows.Add(logits, batch, loss, units);
            return;
        }

        Sum += loss.MetricSum(logits, batch.TargetMatrix, batch.MetricWeights, units.Scale);
        foreach (float weight in batch.MetricWeights)
        {
            Weight += weight;
        }
    }

    /// <summary>Takes in the rows of another one, for the user's own metric; that of the loss is summed up by numbers.</summary>
    public readonly void AddRows(in MetricMean other)
    {
        if (_rows is not null)
        {
            _rows.Add(other._rows!);
        }
    }

    /// <summary>Takes in rows that were summed up elsewhere.</summary>
    public void Add(double sum, double weight)
    {
        Sum += sum;
        Weight += weight;
    }
}
