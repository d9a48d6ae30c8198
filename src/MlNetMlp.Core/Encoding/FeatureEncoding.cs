using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a network sees of the standardized features of a row: the features themselves, the bins of those that are encoded piecewise-linearly, and for
/// those that may be missing whether they are. Learned from training rows, immutable, compared by value.
/// </summary>
/// <remarks>
/// With x [features], NaN where it is missing, the columns are <c>x_j</c>, or <c>x_j / sqrt(1 + (x_j / 3)^2)</c> if they are clipped smoothly, and 0 where
/// it is missing; then for every bin <c>min(max((x_s - b) f, 0), 1)</c> with the source s, the lower end b and the inverse width f of the bin, 0 where
/// x_s is missing; then for every feature s that may be missing 1 where it is and else 0.
/// </remarks>
internal sealed class FeatureEncoding : ISettings, IEquatable<FeatureEncoding>
{
    /// <summary>Where the clipped value is 3 to the last bit, and the square still far from overflow.</summary>
    public const float LargestThird = 1e6f;

    private readonly int[] _sources;
    private readonly float[] _lowerEnds;
    private readonly float[] _inverseWidths;
    private readonly int[] _missing;

    /// <summary>[features + 1]: the first bin of each feature.</summary>
    private readonly int[] _firstBins;

    /// <summary>[features]: the column that shows whether each is missing, or -1.</summary>
    private readonly int[] _missingColumns;

    /// <param name="featureCount">The number of features.</param>
    /// <param name="sources">The feature of each bin, ascending.</param>
    /// <param name="lowerEnds">b of each bin, in standardized units.</param>
    /// <param name="inverseWidths">f of each bin.</param>
    /// <param name="missing">The features that may be missing, ascending.</param>
    /// <param name="isClipped">Whether the features are clipped smoothly.</param>
    /// <exception cref="ArgumentException">There is another number of ends than of bins, or a feature or number that cannot be.</exception>
    public FeatureEncoding(int featureCount, int[] sources, float[] lowerEnds, float[] inverseWidths, int[] missing, bool isClipped)
    {
        (FeatureCount, IsClipped) = (featureCount, isClipped);
        (_sources, _lowerEnds, _inverseWidths, _missing) = (sources, lowerEnds, inverseWidths, missing);
        if (lowerEnds.Length != sources.Length || inverseWidths.Length != sources.Length)
        {
            throw new ArgumentException($"{sources.Length} bins need as many ends and widths, not {lowerEnds.Length} and {inverseWidths.Length}.");
        }

        if (!IsAscending(sources, 0) || !IsAscending(missing, 1))
        {
            throw new ArgumentException($"Bins and missing values belong to features from 0 to {featureCount - 1}, in their order.");
        }

        if (!RowOps.AllFinite(lowerEnds) || !RowOps.AllFinite(inverseWidths) || Array.Exists(inverseWidths, width => width <= 0))
        {
            throw new ArgumentException("Bins need finite ends, of which the upper one is greater.");
        }

        OutputSize = checked(featureCount + sources.Length + missing.Length);
        _firstBins = new int[featureCount + 1];
        _missingColumns = new int[featureCount];
        for (int j = 0, bin = 0; j <= featureCount; j++)
        {
            while (bin < sources.Length && sources[bin] < j)
            {
                bin++;
            }

            _firstBins[j] = bin;
        }

        HasBinsInOrder = Enumerable.Range(1, Math.Max(0, sources.Length - 1)).All(bin => sources[bin] != sources[bin - 1] || Fills(bin - 1, lowerEnds[bin]));
        Array.Fill(_missingColumns, -1);
        for (int i = 0; i < missing.Length; i++)
        {
            _missingColumns[missing[i]] = featureCount + sources.Length + i;
        }
    }

    /// <summary>The features as they are.</summary>
    public static FeatureEncoding Plain(int features) => new(features, [], [], [], [], isClipped: false);

    /// <summary>The number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>
    /// Whether the bins of every feature follow each other, so that those below the one that a value lies in are full, but for roundings: what
    /// <see cref="Enter"/> needs. Learned ones do; those of an imported network may overlap.
    /// </summary>
    public bool HasBinsInOrder { get; }

    /// <summary>
    /// Whether the features are clipped smoothly: beyond some units, distance no longer counts. (Holzmueller, Grinsztajn and Steinwart, 2024.)
    /// </summary>
    public bool IsClipped { get; }

    /// <summary>The number of columns.</summary>
    public int OutputSize { get; }

    /// <summary>Whether the columns are the features as they are.</summary>
    public bool IsPlain => OutputSize == FeatureCount && !IsClipped;

    /// <summary>The feature of each bin.</summary>
    public ReadOnlySpan<int> Sources => _sources;

    /// <summary>
    /// The number of rows of the table that <see cref="Enter"/> refers to: the weights of the columns, then for each bin the sum of its weights and of those
    /// of the lower bins of its feature, then zeros.
    /// </summary>
    public int TableRows => OutputSize + _sources.Length + 1;

    /// <summary>The lower end of each bin.</summary>
    public ReadOnlySpan<float> LowerEnds => _lowerEnds;

    /// <summary>1 over the width of each bin.</summary>
    public ReadOnlySpan<float> InverseWidths => _inverseWidths;

    /// <summary>The features that may be missing.</summary>
    public ReadOnlySpan<int> Missing => _missing;

    /// <summary>The feature that each column is made of.</summary>
    public int[] Features() => [.. Enumerable.Range(0, FeatureCount), .. _sources, .. _missing];

    /// <summary>Computes the columns of one row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>], standardized; NaN where a feature is missing.</param>
    /// <param name="columns">[<see cref="OutputSize"/>].</param>
    public void Encode(ReadOnlySpan<float> features, Span<float> columns)
    {
        Span<float> bins = columns.Slice(FeatureCount, _sources.Length), missing = columns[(FeatureCount + _sources.Length)..];
        for (int i = 0; i < _sources.Length; i++)
        {
            bins[i] = features[_sources[i]];
        }

        ElementwiseMath.Apply(default(Share), bins, _lowerEnds, _inverseWidths, bins);
        if (IsClipped)
        {
            ElementwiseMath.Apply(default(Clipped), features, columns[..FeatureCount]);
        }
        else
        {
            features.CopyTo(columns);
        }

        for (int i = 0; i < _missing.Length; i++)
        {
            bool isMissing = float.IsNaN(features[_missing[i]]);
            missing[i] = isMissing ? 1 : 0;
            if (isMissing)
            {
                columns[_missing[i]] = 0;
            }
        }
    }

    /// <summary>What the column of a feature itself has, with the bits of <see cref="Encode"/>; 0 where it is missing.</summary>
    public float Number(float x) => float.IsNaN(x) ? 0
        : IsClipped ? default(Clipped).Of<PortableLanes, Vector128<float>>(Vector128.CreateScalar(x)).ToScalar()
        : x;

    /// <summary>
    /// The same columns as <see cref="Encode"/> has, as what each feature adds to sums over the columns; only where <see cref="HasBinsInOrder"/>.
    /// </summary>
    /// <param name="features">[<see cref="FeatureCount"/>], standardized; NaN where a feature is missing.</param>
    /// <param name="entries">[<see cref="FeatureCount"/>] at least; receives the features that are not zero.</param>
    /// <param name="vectors">
    /// [<see cref="FeatureCount"/>], or empty: for features that have a vector of their own in each row, where that is in the table for the first row; for
    /// others, of which some have bins, -1.
    /// </param>
    /// <param name="row">The number of the row.</param>
    /// <returns>How many there are.</returns>
    public int Enter(ReadOnlySpan<float> features, Span<EncodedEntry> entries, ReadOnlySpan<int> vectors = default, int row = 0)
    {
        int count = 0, zeros = OutputSize + _sources.Length;
        for (int j = 0; j < features.Length; j++)
        {
            float x = features[j];
            int first = _firstBins[j], end = _firstBins[j + 1], vector = vectors.IsEmpty ? -1 : vectors[j];
            if (vector >= 0)
            {
                bool isMissing = float.IsNaN(x);
                entries[count++] = new(j, isMissing ? _missingColumns[j] : j, isMissing ? 1 : Number(x), zeros, vector + row, 1);
            }
            else if (float.IsNaN(x))
            {
                // No other feature is ever missing; but an entry without a column would read what is not of the table.
                if (_missingColumns[j] >= 0)
                {
                    entries[count++] = new(j, _missingColumns[j], 1, -1, -1, 0);
                }
            }
            else if (first < end)
            {
                // Bins of a feature follow each other: all below the one that x lies in are full.
                int bin = Math.Max(first, LowerBound(x, first, end) - 1);
                float share = Math.Clamp((x - _lowerEnds[bin]) * _inverseWidths[bin], 0, 1);
                int below = bin > first ? OutputSize + bin - 1 : zeros;
                entries[count++] = new(j, j, Number(x), below, FeatureCount + bin, share);
            }
            else if (x != 0)
            {
                entries[count++] = new(j, j, Number(x), -1, -1, 0);
            }
        }

        return count;
    }

    /// <summary>Copies the weights, and sums up those of the bins, for <see cref="Enter"/>.</summary>
    /// <param name="weights">W [<see cref="OutputSize"/>, units], row after row.</param>
    /// <param name="units">The number of units.</param>
    /// <param name="table">[<see cref="TableRows"/>, <paramref name="stride"/>]; what is beyond the units, and the last row, stay as they are: zeros.</param>
    /// <param name="stride">The length of a row of the table, at least <paramref name="units"/>.</param>
    public void FillTable(ReadOnlySpan<float> weights, int units, Span<float> table, int stride)
    {
        for (int j = 0; j < OutputSize; j++)
        {
            weights.Slice(j * units, units).CopyTo(table[(j * stride)..]);
        }

        for (int bin = 0; bin < _sources.Length; bin++)
        {
            ReadOnlySpan<float> own = weights.Slice((FeatureCount + bin) * units, units);
            Span<float> sum = table.Slice((OutputSize + bin) * stride, units);
            if (bin > 0 && _sources[bin] == _sources[bin - 1])
            {
                TensorPrimitives.Add(own, table.Slice((OutputSize + bin - 1) * stride, units), sum);
            }
            else
            {
                own.CopyTo(sum);
            }
        }
    }

    /// <summary>Computes the gradient of one row's features; 0 where a feature is missing.</summary>
    /// <param name="features">The features.</param>
    /// <param name="columns">What <see cref="Encode"/> has computed of them.</param>
    /// <param name="columnGradient">[<see cref="OutputSize"/>].</param>
    /// <param name="featureGradient">[<see cref="FeatureCount"/>].</param>
    public void Differentiate(
        ReadOnlySpan<float> features, ReadOnlySpan<float> columns, ReadOnlySpan<float> columnGradient, Span<float> featureGradient)
    {
        columnGradient[..FeatureCount].CopyTo(featureGradient);
        DifferentiateClipping(features, featureGradient);

        for (int i = 0; i < _sources.Length; i++)
        {
            if (columns[FeatureCount + i] is > 0 and < 1)
            {
                featureGradient[_sources[i]] += columnGradient[FeatureCount + i] * _inverseWidths[i];
            }
        }

        for (int i = 0; i < _missing.Length; i++)
        {
            if (columns[FeatureCount + _sources.Length + i] > 0)
            {
                featureGradient[_missing[i]] = 0;
            }
        }
    }

    /// <summary>Multiplies the gradient of some features as they are shown by the slope of the clipping, if they are clipped.</summary>
    public void DifferentiateClipping(ReadOnlySpan<float> features, Span<float> gradient)
    {
        if (IsClipped)
        {
            ElementwiseMath.Apply(default(ClippedSlope), features, gradient, gradient);
        }
    }

    /// <summary>The same bins and indicators of the same features behind a map of categories.</summary>
    /// <exception cref="ArgumentException">A feature that is encoded is embedded.</exception>
    public FeatureEncoding Behind(CategoryMap categories) => new(
        categories.OutputSize, Array.ConvertAll(_sources, categories.ColumnOf), _lowerEnds, _inverseWidths, Array.ConvertAll(_missing, categories.ColumnOf),
        IsClipped);

    public bool Equals(FeatureEncoding? other) => other is not null && FeatureCount == other.FeatureCount && IsClipped == other.IsClipped
        && Sources.SequenceEqual(other.Sources) && LowerEnds.SequenceEqual(other.LowerEnds) && InverseWidths.SequenceEqual(other.InverseWidths)
        && Missing.SequenceEqual(other.Missing);

    public override bool Equals(object? other) => Equals(other as FeatureEncoding);

    public override int GetHashCode() => HashCode.Combine(FeatureCount, _sources.Length, _missing.Length);

    /// <summary>For example <c>8 features, 120 bins, 2 that may be missing</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{FeatureCount} features, {_sources.Length} bins")
        + (_missing.Length > 0 ? FormattableString.Invariant($", {_missing.Length} that may be missing") : "");

    /// <summary>Whether a bin begins below x and is full there.</summary>
    private bool Fills(int bin, float x)
    {
        const float Roundings = 1e-5f;
        return x > _lowerEnds[bin] && (x - _lowerEnds[bin]) * _inverseWidths[bin] >= 1 - Roundings;
    }

    /// <summary>The first bin of some whose lower end is not below x.</summary>
    private int LowerBound(float x, int first, int end)
    {
        while (first < end)
        {
            int middle = (first + end) >>> 1;
            if (_lowerEnds[middle] < x)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }

    private bool IsAscending(int[] features, int leastStep)
    {
        for (int i = 0, least = 0; i < features.Length; i++)
        {
            if (features[i] < least || features[i] >= FeatureCount)
            {
                return false;
            }

            least = features[i] + leastStep;
        }

        return true;
    }

    /// <summary>x / 3, but so small that its square is far from overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector BoundedThird<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector third = TLanes.Multiply(x, TLanes.Broadcast(1f / 3));
        return TLanes.Min(TLanes.Max(third, TLanes.Broadcast(-LargestThird)), TLanes.Broadcast(LargestThird));
    }

    /// <summary><c>x / sqrt(1 + (x / 3)^2)</c>, which is near x for small ones and never beyond 3.</summary>
    private readonly struct Clipped : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector third = BoundedThird<TLanes, TVector>(x);
            return TLanes.Divide(TLanes.Multiply(third, TLanes.Broadcast(3)), TLanes.Sqrt(TLanes.MultiplyAdd(third, third, TLanes.Broadcast(1))));
        }
    }

    /// <summary>A gradient times the derivative of <see cref="Clipped"/>, <c>(1 + (x / 3)^2)^(-3/2)</c>.</summary>
    private readonly struct ClippedSlope : IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector third = BoundedThird<TLanes, TVector>(x);
            TVector square = TLanes.MultiplyAdd(third, third, TLanes.Broadcast(1));
            return TLanes.Divide(TLanes.Divide(gradient, square), TLanes.Sqrt(square));
        }
    }

    /// <summary>The share of a bin that lies below x; a comparison with NaN is false.</summary>
    private readonly struct Share : IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector lowerEnd, TVector inverseWidth)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector share = TLanes.Multiply(TLanes.Subtract(x, lowerEnd), inverseWidth);
            return TLanes.IfGreater(share, TLanes.Broadcast(0), TLanes.Min(share, TLanes.Broadcast(1)), TLanes.Broadcast(0));
        }
    }
}
