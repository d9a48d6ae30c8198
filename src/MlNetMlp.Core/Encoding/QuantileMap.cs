using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Maps some standardized features to normal quantiles, linear between knots and constant beyond them; see <see cref="FeatureScaling.QuantileNormal"/>.
/// Immutable.
/// </summary>
internal sealed class QuantileMap
{
    private readonly int[] _features;
    private readonly int[] _counts;
    private readonly float[] _knots;
    private readonly float[] _quantiles;

    /// <param name="features">The features, ascending.</param>
    /// <param name="counts">The number of knots of each, at least 1.</param>
    /// <param name="knots">The knots of all, each feature's ascending.</param>
    /// <param name="quantiles">What each knot becomes, ascending like these.</param>
    /// <exception cref="ArgumentException">The numbers do not fit together, are not finite, or do not ascend.</exception>
    public QuantileMap(int[] features, int[] counts, float[] knots, float[] quantiles)
    {
        (_features, _counts, _knots, _quantiles) = (features, counts, knots, quantiles);
        if (features.Length != counts.Length || counts.Sum(count => (long)count) != knots.Length || knots.Length != quantiles.Length
            || Array.Exists(counts, count => count < 1) || !RowOps.AllFinite(knots) || !RowOps.AllFinite(quantiles)
            || features.Where((feature, i) => feature < (i == 0 ? 0 : features[i - 1] + 1)).Any())
        {
            throw new ArgumentException("Quantiles belong to features in their order, each with knots of its own.");
        }

        int first = 0;
        foreach (int count in counts)
        {
            for (int i = first + 1; i < first + count; i++)
            {
                if (!(knots[i] > knots[i - 1] && quantiles[i] >= quantiles[i - 1]))
                {
                    throw new ArgumentException("The knots of a feature and their quantiles must ascend.");
                }
            }

            first += count;
        }
    }

    /// <summary>The features that are mapped.</summary>
    public ReadOnlySpan<int> Features => _features;

    /// <summary>The number of knots of each.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    public ReadOnlySpan<float> Knots => _knots;

    public ReadOnlySpan<float> Quantiles => _quantiles;

    /// <summary>The size of the largest quantile.</summary>
    public float Largest => _quantiles.Length == 0 ? 0 : _quantiles.Max(Math.Abs);

    /// <summary>Maps the features of a row where they stand; what is missing stays so.</summary>
    public void Apply(Span<float> row)
    {
        int first = 0;
        for (int n = 0; n < _features.Length; n++)
        {
            ref float x = ref row[_features[n]];
            x = float.IsNaN(x) ? x : Map(x, first, _counts[n]);
            first += _counts[n];
        }
    }

    /// <summary>What a value of a feature becomes; null if the feature is not mapped.</summary>
    public float? Map(int feature, float x)
    {
        int place = Array.BinarySearch(_features, feature);
        return place < 0 ? null : Map(x, TensorPrimitives.Sum<int>(_counts.AsSpan(0, place)), _counts[place]);
    }

    /// <summary>What a value of a feature that has so many knots from number <paramref name="first"/> on becomes.</summary>
    private float Map(float x, int first, int count)
    {
        int place = _knots.AsSpan(first, count).BinarySearch(x);
        int upper = first + (place < 0 ? ~place : place);
        if (place >= 0 || upper == first || upper == first + count)
        {
            return _quantiles[Math.Min(upper, first + count - 1)];
        }

        float share = (x - _knots[upper - 1]) / (_knots[upper] - _knots[upper - 1]);
        return float.FusedMultiplyAdd(share, _quantiles[upper] - _quantiles[upper - 1], _quantiles[upper - 1]);
    }
}
