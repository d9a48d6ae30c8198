using System.Buffers;

namespace MlNetMlp;

/// <summary>The means of a row's scores, and behind them their standard deviations.</summary>
internal sealed class UncertaintyScorer(MlpModel model, MonteCarloDropout passes) : IScorer
{
    public int Width => 2 * model.OutputCount;

    public bool TakesSparse => false;

    public void Score(SparseFeatures features, Span<float> values) => throw new NotSupportedException("Means and deviations are computed of dense rows.");

    public void Score(ReadOnlySpan<float> features, Span<float> values, int rows)
    {
        int outputs = model.OutputCount, size = rows * outputs;
        float[] rented = ArrayPool<float>.Shared.Rent(2 * size);
        try
        {
            Span<float> mean = rented.AsSpan(0, size), deviation = rented.AsSpan(size, size);
            model.PredictWithUncertainty(features, mean, deviation, rows, passes);
            for (int i = 0; i < rows; i++)
            {
                mean.Slice(i * outputs, outputs).CopyTo(values[(i * Width)..]);
                deviation.Slice(i * outputs, outputs).CopyTo(values[(i * Width + outputs)..]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
