using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The metric of a loss over all rows that were added: example weights count, class weights do not.</summary>
/// <param name="loss">The loss.</param>
internal struct MetricMean(Loss loss)
{
    /// <summary>The weighted sum, see <see cref="Loss.MetricSum"/>.</summary>
    public double Sum { get; private set; }

    /// <summary>The sum of the weights.</summary>
    public double Weight { get; private set; }

    /// <summary>The metric so far; NaN without any weight.</summary>
    public readonly double Value => loss.Metric(Sum / Weight);

    /// <summary>Takes in a block of rows.</summary>
    /// <param name="logits">[rows, outputs]: what the network makes of them.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="targetUnits">[outputs]: what a difference of 1 is worth in the units in which the targets were given.</param>
    public void Add(ReadOnlyMatrixSpan logits, RowBatch batch, ReadOnlySpan<float> targetUnits)
    {
        Sum += loss.MetricSum(logits, batch.TargetMatrix, batch.MetricWeights, targetUnits);
        foreach (float weight in batch.MetricWeights)
        {
            Weight += weight;
        }
    }

    /// <summary>Takes in rows that were summed up elsewhere.</summary>
    public void Add(double sum, double weight)
    {
        Sum += sum;
        Weight += weight;
    }
}
