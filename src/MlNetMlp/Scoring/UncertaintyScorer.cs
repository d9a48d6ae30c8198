using System.Buffers;

namespace MlNetMlp;

/// <summary>The means of a row's scores and behind them their standard deviations; of two classes, also those of the probability.</summary>
internal sealed class UncertaintyScorer(MlpModel model, MonteCarloDropout passes) : IScorer
{
    private readonly int _probabilities = model.Loss is BinaryLoss ? 1 : 0;

    public int Width => 2 * (model.OutputCount + _probabilities);

    public long Work => model.Work * passes.Passes;

    public bool TakesSparse => false;

    public void Score(SparseFeatures features, Span<float> values) => throw new NotSupportedException("Means and deviations are computed of dense rows.");

    public void Score(ReadOnlySpan<float> features, Span<float> values, int rows)
    {
        int outputs = model.OutputCount, size = rows * outputs, probabilities = rows * _probabilities;
        float[] rented = ArrayPool<float>.Shared.Rent(rows * Width);
        try
        {
            Span<float> mean = rented.AsSpan(0, size), deviation = rented.AsSpan(size, size);
            Span<float> probabilityMean = rented.AsSpan(2 * size, probabilities);
            Span<float> probabilityDeviation = rented.AsSpan((2 * size) + probabilities, probabilities);
            model.PredictWithUncertainty(features, mean, deviation, probabilityMean, probabilityDeviation, rows, passes);
            for (int i = 0; i < rows; i++)
            {
                Span<float> row = values.Slice(i * Width, Width);
                mean.Slice(i * outputs, outputs).CopyTo(row);
                deviation.Slice(i * outputs, outputs).CopyTo(row[outputs..]);
                probabilityMean.Slice(i * _probabilities, _probabilities).CopyTo(row[(2 * outputs)..]);
                probabilityDeviation.Slice(i * _probabilities, _probabilities).CopyTo(row[((2 * outputs) + _probabilities)..]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
