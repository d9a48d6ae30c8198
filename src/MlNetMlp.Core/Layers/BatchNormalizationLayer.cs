using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Normalizes with mean and <c>sqrt(variance + epsilon)</c> of the mini-batch, or with stored ones; see <see cref="BatchNormalization"/>.</summary>
internal sealed class BatchNormalizationLayer : ColumnNormalizationLayer
{
    private readonly BatchNormalization _options;
    private readonly Parameter _variance;
    private readonly double[] _meanSum;
    private readonly double[] _varianceSum;
    private double _collected;

    public BatchNormalizationLayer(LayerSettings settings, BatchNormalization options, ParameterLayout layout)
        : base(settings, options.Epsilon, layout)
    {
        int size = settings.Sums;
        _options = options;
        _variance = layout.Add(Statistic("Variance", size) with { InitialValue = 1 });
        _meanSum = new double[size];
        _varianceSum = new double[size];
    }

    public override bool CollectsStatistics => _options.Statistics == BatchStatistics.TrainingSet;

    public override bool CanCollectStatistics => true;

    public override void StartCollecting()
    {
        _meanSum.AsSpan().Clear();
        _varianceSum.AsSpan().Clear();
        _collected = 0;
    }

    /// <summary>Stores the averages of what was collected, each mini-batch weighted by the weights of its rows.</summary>
    public override void StoreCollected(ParameterVector parameters)
    {
        Span<float> mean = parameters.Value(Mean), variance = parameters.Value(_variance);
        for (int j = 0; j < InputSize && _collected > 0; j++)
        {
            mean[j] = (float)(_meanSum[j] / _collected);
            variance[j] = (float)(_varianceSum[j] / _collected);
        }
    }

    protected override bool UsesBatch(PassMode mode) => mode != PassMode.Scoring;

    protected override void NormalizeWithBatch(in Pass pass, RowShares shares, Span<float> center, ReadOnlySpan<float> variance, Span<float> inverseDeviation)
    {
        Remember(pass, shares, center, variance);
        InvertDeviation(variance, inverseDeviation);
    }

    protected override void InvertStoredDeviation(ParameterVector parameters, Span<float> inverse) => InvertDeviation(parameters.Value(_variance), inverse);

    private void Remember(in Pass pass, RowShares shares, ReadOnlySpan<float> batchMean, ReadOnlySpan<float> batchVariance)
    {
        float unbiased = (float)(shares.Rows / (shares.Rows - 1));
        if (pass.Mode == PassMode.Collecting)
        {
            // By weights: a short last mini-batch must not count as much as a whole one.
            _collected += shares.Weight;
            for (int j = 0; j < InputSize; j++)
            {
                _meanSum[j] += shares.Weight * batchMean[j];
                _varianceSum[j] += shares.Weight * unbiased * batchVariance[j];
            }
        }
        else if (!CollectsStatistics)
        {
            float m = _options.Momentum;
            Span<float> mean = pass.Parameters.Value(Mean), variance = pass.Parameters.Value(_variance);
            TensorPrimitives.Lerp(mean, batchMean, m, mean);
            for (int j = 0; j < InputSize; j++)
            {
                variance[j] += m * (unbiased * batchVariance[j] - variance[j]);
            }
        }
    }
}
