using System.Numerics;
using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The first step of every model: <c>y = (x - offset) scale</c>, feature by feature, with the training mean in the place of values
/// that are missing. Immutable.
/// </summary>
/// <remarks>
/// It is not folded into the weights. The pass is needed in any case, to see missing values, and a folded offset would cost
/// digits: for a feature whose mean is large beside its spread, <c>x w - mean w</c> subtracts two large products where
/// <c>(x - mean) w</c> subtracts first.
/// </remarks>
internal sealed class FeatureStandardizer(
    float[] offset, float[] scale, float[] replacement, InvalidValueHandling missingValues, InvalidValueHandling infiniteValues)
{
    /// <summary>The features of which a zero does not stay zero, ascending.</summary>
    private readonly int[] _shifted = [.. Enumerable.Range(0, offset.Length).Where(j => offset[j] != 0 && scale[j] != 0)];

    public ReadOnlySpan<float> Offset => offset;

    public ReadOnlySpan<float> Scale => scale;

    /// <summary>What stands in for an imputed value: the mean over the training rows.</summary>
    public ReadOnlySpan<float> Replacement => replacement;

    public InvalidValueHandling MissingValues => missingValues;

    public InvalidValueHandling InfiniteValues => infiniteValues;

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
    public FeatureStandardizer With(InvalidValueHandling missing, InvalidValueHandling infinite) => new(offset, scale, replacement, missing, infinite);

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
        int count = offset.Length;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = features.Slice(i * count, count);
            if (!TryApply(row, prepared.Slice(i * count, count)))
            {
                throw Refusal(row, i);
            }
        }
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
        float x = (missingValues == InvalidValueHandling.Impute && float.IsNaN(value)) || (infiniteValues == InvalidValueHandling.Impute
            && float.IsInfinity(value))
            ? replacement[j]
            : value;
        float y = (x - offset[j]) * scale[j];
        return float.IsFinite(y) ? y : throw Refusal(value, j, row)!;
    }

    private bool TryApply(ReadOnlySpan<float> row, Span<float> prepared)
    {
        int width = Vector<float>.Count, i = 0;
        Vector<float> suspect = Vector<float>.Zero;
        for (; i <= row.Length - width; i += width)
        {
            Vector<float> y = Standardize(new Vector<float>(row[i..]), new Vector<float>(replacement, i), new Vector<float>(offset, i),
                new Vector<float>(scale, i));
            y.CopyTo(prepared[i..]);

            // Zero times a finite number is zero; times anything else it is NaN, which no later sum can lose.
            suspect += y * Vector<float>.Zero;
        }

        float rest = Vector.Sum(suspect);
        for (; i < row.Length; i++)
        {
            float y = Standardize(new Vector<float>(row[i]), new Vector<float>(replacement[i]), new Vector<float>(offset[i]), new Vector<float>(scale[i]))[0];
            prepared[i] = y;
            rest += y * 0;
        }

        return rest == 0;
    }

    private Vector<float> Standardize(Vector<float> x, Vector<float> mean, Vector<float> shift, Vector<float> factor)
    {
        if (missingValues == InvalidValueHandling.Impute)
        {
            x = Vector.ConditionalSelect(Vector.Equals(x, x), x, mean);
        }

        if (infiniteValues == InvalidValueHandling.Impute)
        {
            x = Vector.ConditionalSelect(Vector.Equals(Vector.Abs(x), new Vector<float>(float.PositiveInfinity)), mean, x);
        }

        return (x - shift) * factor;
    }

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
        if (float.IsNaN(x) && missingValues == InvalidValueHandling.Fail)
        {
            return new(number, j, x, "missing values are not allowed by the options of this model; finite numbers are.");
        }

        if (float.IsInfinity(x) && infiniteValues == InvalidValueHandling.Fail)
        {
            return new(number, j, x, "infinite values are not allowed by the options of this model; finite numbers are.");
        }

        return float.IsFinite(x) && !float.IsFinite((x - offset[j]) * scale[j])
            ? new(number, j, x, FormattableString.Invariant($"it is too far from the training rows (mean {replacement[j]}) to be represented."))
            : null;
    }
}
