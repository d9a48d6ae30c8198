using System.Globalization;
using System.Numerics;

namespace MlNetMlp.Networks;

/// <summary>The least and the greatest value of each feature, for example those of the training rows. Immutable.</summary>
/// <remarks>
/// They tell which rows are unlike what a network has learned from: <c>model.FeatureRanges.Widen(0.5f).CountOutside(features)</c>. A feature that had no value
/// in training has the range of all numbers.
/// </remarks>
public sealed class FeatureRanges
{
    private readonly float[] _lower;
    private readonly float[] _upper;

    /// <summary>The number of features of which 0 lies outside.</summary>
    private readonly int _zerosOutside;

    /// <param name="lower">The least values; taken over, not copied.</param>
    /// <param name="upper">The greatest values, none less than the least; taken over, not copied.</param>
    internal FeatureRanges(float[] lower, float[] upper)
    {
        (_lower, _upper) = (lower, upper);
        _zerosOutside = Enumerable.Range(0, lower.Length).Count(j => IsOutside(j, 0));
    }

    /// <summary>[features], the least values.</summary>
    public ReadOnlySpan<float> Lower => _lower;

    /// <summary>[features], the greatest values.</summary>
    public ReadOnlySpan<float> Upper => _upper;

    /// <summary>Wider ranges: <c>lower - share (upper - lower)</c> to <c>upper + share (upper - lower)</c>.</summary>
    /// <param name="share">The part of its width that a range is continued by at both ends, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is negative, infinite or NaN.</exception>
    public FeatureRanges Widen(float share)
    {
        if (!(share >= 0) || !float.IsFinite(share))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, string.Create(CultureInfo.InvariantCulture,
                $"The share of its width that a range is continued by is {share}; it must be at least 0, and finite."));
        }

        float[] lower = [.. _lower], upper = [.. _upper];
        for (int j = 0; j < lower.Length; j++)
        {
            double more = share * ((double)upper[j] - lower[j]);
            if (double.IsFinite(more))
            {
                (lower[j], upper[j]) = ((float)(lower[j] - more), (float)(upper[j] + more));
            }
        }

        return new(lower, upper);
    }

    /// <summary>The number of values that lie outside of the range of their feature. NaN, a missing value, lies in any.</summary>
    /// <param name="features">[features], one row.</param>
    /// <exception cref="ArgumentException">The row has another number of features.</exception>
    public int CountOutside(ReadOnlySpan<float> features)
    {
        if (features.Length != _lower.Length)
        {
            throw new ArgumentException($"The row has {features.Length} features; the ranges are of {_lower.Length}.", nameof(features));
        }

        // A mask has -1 in the place of every value that is outside.
        Vector<int> found = Vector<int>.Zero;
        int j = 0;
        for (; j <= features.Length - Vector<float>.Count; j += Vector<float>.Count)
        {
            var values = new Vector<float>(features[j..]);
            found += Vector.LessThan(values, new Vector<float>(_lower, j)) | Vector.GreaterThan(values, new Vector<float>(_upper, j));
        }

        int count = -Vector.Sum(found);
        for (; j < features.Length; j++)
        {
            count += IsOutside(j, features[j]) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The same of a row without its zeros.</summary>
    /// <param name="indices">The features that are given, ascending.</param>
    /// <param name="values">Their values.</param>
    internal int CountOutside(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        int count = _zerosOutside;
        for (int n = 0; n < indices.Length; n++)
        {
            count += (IsOutside(indices[n], values[n]) ? 1 : 0) - (IsOutside(indices[n], 0) ? 1 : 0);
        }

        return count;
    }

    /// <summary>The ranges that hold these and others; null where those are unknown.</summary>
    internal FeatureRanges? Including(FeatureRanges? other) => other is null ? null
        : new([.. _lower.Zip(other._lower, Math.Min)], [.. _upper.Zip(other._upper, Math.Max)]);

    private bool IsOutside(int feature, float value) => value < _lower[feature] || value > _upper[feature];

    /// <summary>The number of features, and the first ranges.</summary>
    public override string ToString()
    {
        const int shown = 4;
        IEnumerable<string> first = _lower.Zip(_upper, (lower, upper) => string.Create(CultureInfo.InvariantCulture, $"{lower:G4} to {upper:G4}")).Take(shown);
        return $"ranges of {_lower.Length} features: {string.Join(", ", first)}{(_lower.Length > shown ? " ..." : "")}";
    }
}
