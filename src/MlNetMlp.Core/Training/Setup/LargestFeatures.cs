using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>The size of the largest value of each feature over some rows, where missing values are left out and infinite ones are not.</summary>
/// <param name="count">The number of features.</param>
internal sealed class LargestFeatures(int count)
{
    private readonly float[] _values = new float[count];

    /// <summary>The size of the largest value of one feature.</summary>
    public float this[int feature] => Math.Abs(_values[feature]);

    /// <summary>Takes in the features of a row of a batch.</summary>
    public void Add(RowBatch batch, int row)
    {
        if (!batch.IsSparse)
        {
            TensorPrimitives.MaxMagnitudeNumber(_values, batch.FeaturesOf(row), _values);
            return;
        }

        ReadOnlySpan<int> indices = batch.SparseFeatures.Indices(row);
        ReadOnlySpan<float> values = batch.SparseFeatures.Values(row);
        for (int n = 0; n < indices.Length; n++)
        {
            ref float largest = ref _values[indices[n]];
            largest = float.MaxMagnitudeNumber(largest, values[n]);
        }
    }

    /// <summary>What no feature is larger than in size once it is standardized; infinite where a difference on the way might be.</summary>
    public double Standardized(FeatureStandardizer standardizer)
    {
        double largest = 0;
        for (int j = 0; j < count; j++)
        {
            double distance = Math.Abs((double)_values[j]) + Math.Abs((double)standardizer.Offset[j]);
            largest = Math.Max(largest, distance <= float.MaxValue ? distance * standardizer.Scale[j] : double.PositiveInfinity);
        }

        return Math.Max(largest, standardizer.Quantiles?.Largest ?? 0);
    }
}
