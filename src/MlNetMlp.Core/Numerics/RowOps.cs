using System.Numerics.Tensors;

namespace MlNetMlp.Numerics;

/// <summary>Operations on the rows of a matrix and on single rows.</summary>
internal static class RowOps
{
    /// <summary><c>sums[j] += sum over i of matrix[i, j]</c>, the rows added one after the other.</summary>
    /// <param name="matrix"><c>[rows, columns]</c>; without rows nothing changes.</param>
    /// <param name="sums"><c>[columns]</c>, added to.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="sums"/> is not the number of columns.</exception>
    public static void AddColumnSums(ReadOnlyMatrixSpan matrix, Span<float> sums)
    {
        Throw.IfLengthsDiffer(matrix.Columns, sums.Length, nameof(sums));
        for (int i = 0; i < matrix.Rows; i++)
            TensorPrimitives.Add(sums, matrix.Row(i), sums);
    }

    /// <summary><c>row[j] = e^row[j] / sum over i of e^row[i]</c>, without overflow: the maximum is taken away first.</summary>
    /// <param name="row">Logits on entry, probabilities on return. A NaN or a positive infinity makes the whole row NaN.</param>
    /// <returns><c>ln(sum over i of e^row[i])</c> of the logits; negative infinity for an empty row.</returns>
    public static double SoftmaxInPlace(Span<float> row)
    {
        if (row.IsEmpty)
            return double.NegativeInfinity;
        float maximum = TensorPrimitives.Max((ReadOnlySpan<float>)row);
        TensorPrimitives.Subtract(row, maximum, row);
        VectorMath.Exp(row, row);
        double sum = 0;
        foreach (float value in row)
            sum += value;
        TensorPrimitives.Multiply(row, (float)(1 / sum), row);
        return maximum + Math.Log(sum);
    }

    /// <summary><c>ln(sum over i of e^row[i])</c>, without overflow; negative infinity for an empty row.</summary>
    public static double LogSumExp(ReadOnlySpan<float> row)
    {
        if (row.IsEmpty)
            return double.NegativeInfinity;
        float maximum = TensorPrimitives.Max(row);
        if (!float.IsFinite(maximum))
            return maximum;
        double sum = 0;
        foreach (float value in row)
            sum += Math.Exp((double)value - maximum);
        return maximum + Math.Log(sum);
    }

    /// <summary>Whether no value is NaN or infinite; true for an empty span.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values) => values.IsEmpty || TensorPrimitives.IsFiniteAll(values);
}
