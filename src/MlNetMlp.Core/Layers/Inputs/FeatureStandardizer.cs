using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The first step of every model: <c>y = (x - offset) scale</c>, feature by feature, with the training mean in the place of values
/// that are missing, and a map to normal quantiles behind it where there is one. Immutable.
/// </summary>
/// <remarks>
/// It is not folded into the weights. The pass is needed in any case, to see missing values, and a folded offset would cost
/// digits: for a feature whose mean is large beside its spread, <c>x w - mean w</c> subtracts two large products where
/// <c>(x - mean) w</c> subtracts first.
/// </remarks>
internal sealed class FeatureStandardizer
{
    private readonly float[] _offset;
    private readonly float[] _scale;
    private readonly float[] _means;
    private readonly int[] _keptMissing;
    private readonly float[] _replacement;

    /// <summary>Whether some features stay NaN where they are missing.</summary>
    private readonly bool _keepsMissing;

    /// <summary>The features of which a zero does not stay zero, ascending.</summary>
    private readonly int[] _shifted;

    /// <param name="offset">What is subtracted from each feature.</param>
    /// <param name="scale">What is multiplied then.</param>
    /// <param name="means">The mean of each feature over the training rows.</param>
    /// <param name="missingValues">What happens to NaN.</param>
    /// <param name="infiniteValues">What happens to an infinite value.</param>
    /// <param name="keptMissing">The features that stay NaN where they would be imputed.</param>
    public FeatureStandardizer(
        float[] offset, float[] scale, float[] means, InvalidValueHandling missingValues, InvalidValueHandling infiniteValues, params int[] keptMissing)
    {
        (_offset, _scale, _means, _keptMissing) = (offset, scale, means, keptMissing);
        (MissingValues, InfiniteValues) = (missingValues, infiniteValues);
        _shifted = [.. Enumerable.Range(0, offset.Length).Where(j => offset[j] != 0 && scale[j] != 0)];
        _keepsMissing = keptMissing.Length > 0 && missingValues == InvalidValueHandling.Impute;
        _replacement = _keepsMissing ? [.. means] : means;
        foreach (int feature in _keepsMissing ? keptMissing : [])
        {
            _replacement[feature] = float.NaN;
        }
    }

    /// <summary>What is done to some features at last; null: nothing. Not for sparse rows.</summary>
    public QuantileMap? Quantiles { get; private init; }

    /// <summary>The least and the greatest value of each feature in the training rows; null: unknown. It changes nothing of what is done to them.</summary>
    public FeatureRanges? Ranges { get; private init; }

    public ReadOnlySpan<float> Offset => _offset;

    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>The mean of each feature over the training rows.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <summary>What stands in for an imputed value: the mean, or NaN where the network is to see that it is missing.</summary>
    public ReadOnlySpan<float> Replacement => _replacement;

    public InvalidValueHandling MissingValues { get; }

    public InvalidValueHandling InfiniteValues { get; }

    /// <summary>Changes nothing but what is missing, for which <c>0</c> stands in: it serves to refuse what the options refuse.</summary>
    public static FeatureStandardizer AsGiven(int count, InvalidValueHandling missingValues, InvalidValueHandling infiniteValues)
    {
        float[] ones = new float[count];
        ones.AsSpan().Fill(1);
        return new(new float[count], ones, new float[count], missingValues, infiniteValues);
    }

    /// <summary>The number of features of which a zero does not stay zero: a sparse row has at least as many values once it is prepared.</summary>
    public int ShiftedCount => _shifted.Length;

    /// <summary>The same map with other rules for invalid values.</summary>
    public FeatureStandardizer With(InvalidValueHandling missing, InvalidValueHandling infinite) =>
        new(_offset, _scale, _means, missing, infinite, _keptMissing) { Quantiles = Quantiles, Ranges = Ranges };

    /// <summary>The same, with a map behind it.</summary>
    public FeatureStandardizer With(QuantileMap? quantiles) =>
        new(_offset, _scale, _means, MissingValues, InfiniteValues, _keptMissing) { Quantiles = quantiles, Ranges = Ranges };

    /// <summary>The same, with what is known of the training rows.</summary>
    public FeatureStandardizer With(FeatureRanges? ranges) =>
        new(_offset, _scale, _means, MissingValues, InfiniteValues, _keptMissing) { Quantiles = Quantiles, Ranges = ranges };

    /// <summary>The same map, but some features stay NaN where they are imputed, for an encoding that shows it to the network.</summary>
    public FeatureStandardizer KeepingMissing(ReadOnlySpan<int> features) =>
        new(_offset, _scale, _means, MissingValues, InfiniteValues, features.ToArray()) { Quantiles = Quantiles, Ranges = Ranges };

    /// <summary>Prepares the features of a batch, dense or sparse.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="prepared">Another batch of the same kind: receives dense rows in their places, and sparse ones in addition to what it holds.</param>
    /// <param name="first">The place of the first dense row.</param>
    /// <exception cref="InvalidFeatureException">A value is refused, or so large that its standardized form overflows.</exception>
    public void Apply(RowBatch rows, RowBatch prepared, int first)
    {
        if (rows.IsSparse)
        {
            Apply(rows.SparseFeatures, prepared.SparseFeatures);
        }
        else
        {
            Apply(rows.Features, prepared.FeatureMatrix.Slice(first, rows.Count).Values, rows.Count);
        }
    }

    /// <summary>
    /// Prepares <paramref name="rows"/> rows; <paramref name="features"/> and <paramref name="prepared"/> must not overlap, or a refusal
    /// could not name the value.
    /// </summary>
    /// <exception cref="InvalidFeatureException">A value is refused, or so large that its standardized form overflows.</exception>
    public void Apply(ReadOnlySpan<float> features, Span<float> prepared, int rows)
    {
        int count = _offset.Length;
        for (int i = 0; i < rows; i++)
        {
            ApplyToRow(features.Slice(i * count, count), prepared.Slice(i * count, count), i);
        }
    }

    /// <summary>Prepares one row, of which an exception says that it has the number <paramref name="number"/>.</summary>
    /// <exception cref="InvalidFeatureException">A value is refused, or so large that its standardized form overflows.</exception>
    public void ApplyToRow(ReadOnlySpan<float> features, Span<float> prepared, int number)
    {
        if (!TryApply(features, prepared))
        {
            throw Refusal(features, number);
        }

        Quantiles?.Apply(prepared);
    }

    /// <summary>Prepares sparse rows; the values have the bits that they have in dense rows, and those that come out as zero are not stored.</summary>
    /// <param name="features">The rows.</param>
    /// <param name="prepared">Receives them in addition to what it holds.</param>
    /// <param name="first">The row to begin with.</param>
    /// <param name="rows">How many rows; -1: all that follow.</param>
    /// <exception cref="InvalidFeatureException">A value is refused, or so large that its standardized form overflows.</exception>
    public void Apply(SparseFeatures features, SparseFeatures prepared, int first = 0, int rows = -1)
    {
        int end = rows < 0 ? features.Rows : first + rows;
        for (int i = first; i < end; i++)
        {
            ReadOnlySpan<int> indices = features.Indices(i);
            ReadOnlySpan<float> values = features.Values(i);
            prepared.Reserve(indices.Length + _shifted.Length);
            int zero = 0;
            for (int n = 0; n < indices.Length; n++)
            {
                int j = indices[n];
                for (; zero < _shifted.Length && _shifted[zero] < j; zero++)
                {
                    prepared.Append(_shifted[zero], Standardize(0, _shifted[zero], i));
                }

                zero += zero < _shifted.Length && _shifted[zero] == j ? 1 : 0;
                prepared.Append(j, Standardize(values[n], j, i));
            }

            for (; zero < _shifted.Length; zero++)
            {
                prepared.Append(_shifted[zero], Standardize(0, _shifted[zero], i));
            }

            prepared.EndRow();
        }
    }

    private float Standardize(float value, int j, int row)
    {
        float x = (MissingValues == InvalidValueHandling.Impute && float.IsNaN(value)) || (InfiniteValues == InvalidValueHandling.Impute
            && float.IsInfinity(value))
            ? _replacement[j]
            : value;
        float y = (x - _offset[j]) * _scale[j];
        return float.IsFinite(y) || (_keepsMissing && MissingValues == InvalidValueHandling.Impute && float.IsNaN(x)) ? y : throw Refusal(value, j, row)!;
    }

    private bool TryApply(ReadOnlySpan<float> row, Span<float> prepared)
    {
        // Once for a row, so that the loop has nothing but vectors.
        ReadOnlySpan<float> offset = _offset.AsSpan(0, row.Length), scale = _scale.AsSpan(0, row.Length), replacement = _replacement.AsSpan(0, row.Length);
        prepared = prepared[..row.Length];
        int width = Vector<float>.Count, i = 0;
        Vector<float> suspect = Vector<float>.Zero;
        for (; i <= row.Length - width; i += width)
        {
            Vector<float> x = Replace(VectorAt(row, i), VectorAt(replacement, i));
            Vector<float> y = (x - VectorAt(offset, i)) * VectorAt(scale, i);
            y.StoreUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(prepared), i));
            suspect += Suspect(x, y);
        }

        float rest = Vector.Sum(suspect);
        for (; i < row.Length; i++)
        {
            Vector<float> x = Replace(new Vector<float>(row[i]), new Vector<float>(replacement[i]));
            Vector<float> y = (x - new Vector<float>(offset[i])) * new Vector<float>(scale[i]);
            prepared[i] = y[0];
            rest += Suspect(x, y)[0];
        }

        return rest == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> VectorAt(ReadOnlySpan<float> values, int index) =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Replace(Vector<float> x, Vector<float> mean)
    {
        if (MissingValues == InvalidValueHandling.Impute)
        {
            x = Vector.ConditionalSelect(Vector.Equals(x, x), x, mean);
        }

        return InfiniteValues == InvalidValueHandling.Impute
            ? Vector.ConditionalSelect(Vector.Equals(Vector.Abs(x), new Vector<float>(float.PositiveInfinity)), mean, x)
            : x;
    }

    /// <summary>
    /// NaN for a result y that is to be refused, else zero: zero times a finite number is zero; times anything else it is NaN, which no later sum can
    /// lose. A value x that is still missing may be so.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Suspect(Vector<float> x, Vector<float> y) =>
        (_keepsMissing ? Vector.ConditionalSelect(Vector.Equals(x, x), y, Vector<float>.Zero) : y) * Vector<float>.Zero;

    /// <summary>Finds the feature for which <see cref="TryApply"/> failed.</summary>
    private InvalidFeatureException Refusal(ReadOnlySpan<float> row, int number)
    {
        for (int j = 0; j < row.Length; j++)
        {
            if (Refusal(row[j], j, number) is { } refusal)
            {
                return refusal;
            }
        }

        throw new InvalidOperationException("A row was refused for no feature.");
    }

    /// <summary>Why a value is refused; null: it is not.</summary>
    private InvalidFeatureException? Refusal(float x, int j, int number)
    {
        if (float.IsNaN(x) && MissingValues == InvalidValueHandling.Fail)
        {
            return new(number, j, x, "missing values are not allowed by the options of this model; finite numbers are.");
        }

        if (float.IsInfinity(x) && InfiniteValues == InvalidValueHandling.Fail)
        {
            return new(number, j, x, "infinite values are not allowed by the options of this model; finite numbers are.");
        }

        return float.IsFinite(x) && !float.IsFinite((x - _offset[j]) * _scale[j])
            ? new(number, j, x, FormattableString.Invariant($"it is too far from the training rows (mean {_means[j]}) to be represented."))
            : null;
    }
}
