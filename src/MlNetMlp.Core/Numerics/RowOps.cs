using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Operations on the rows of a matrix and on single rows.</summary>
internal static unsafe class RowOps
{
    /// <summary><c>sums[j] += sum over i of matrix[i, j]</c>, the rows added one after the other.</summary>
    /// <param name="matrix"><c>[rows, columns]</c>; without rows nothing changes.</param>
    /// <param name="sums"><c>[columns]</c>, added to.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="sums"/> is not the number of columns.</exception>
    public static void AddColumnSums(ReadOnlyMatrixSpan matrix, Span<float> sums)
    {
        Throw.IfLengthsDiffer(matrix.Columns, sums.Length, nameof(sums));
        fixed (float* values = matrix.Values, target = sums)
        {
            AddColumnSums(values, matrix.Columns, matrix.Rows, matrix.Columns, target);
        }
    }

    /// <summary>The same for some columns of a matrix whose rows are <paramref name="stride"/> apart.</summary>
    public static void AddColumnSums(float* matrix, nint stride, int rows, int columns, float* sums) =>
        MatrixMath.AddColumnSums(new MatrixMath.Elements(matrix), stride, rows, new Span<float>(sums, columns));

    /// <summary><c>row[j] = e^row[j] / sum over i of e^row[i]</c>, without overflow: the maximum is taken away first.</summary>
    /// <param name="row">Logits on entry, probabilities on return. A NaN or a positive infinity makes the whole row NaN.</param>
    /// <returns><c>ln(sum over i of e^row[i])</c> of the logits; negative infinity for an empty row.</returns>
    public static double SoftmaxInPlace(Span<float> row)
    {
        if (row.IsEmpty)
        {
            return double.NegativeInfinity;
        }

        float maximum = TensorPrimitives.Max((ReadOnlySpan<float>)row);
        ElementwiseMath.Apply(new PowerOfDifference(maximum), row, row);
        double sum = OrderedSum.Of(row);
        ElementwiseMath.Apply(new Multiple((float)(1 / sum)), row, row);
        return maximum + Math.Log(sum);
    }

    /// <summary><c>ln(p)</c> of probabilities; of one that has rounded to nearly 0, that of the least normal number.</summary>
    public static void LogInPlace(Span<float> probabilities)
    {
        foreach (ref float value in probabilities)
        {
            value = (float)Math.Log(Math.Max(value, VectorMath.SmallestNormal));
        }
    }

    /// <summary><c>ln(sum over i of e^row[i])</c>, without overflow; negative infinity for an empty row.</summary>
    public static double LogSumExp(ReadOnlySpan<float> row)
    {
        if (row.IsEmpty)
        {
            return double.NegativeInfinity;
        }

        float maximum = TensorPrimitives.Max(row);
        if (!float.IsFinite(maximum))
        {
            return maximum;
        }

        double sum = 0;
        foreach (float value in row)
        {
            sum += Math.Exp((double)value - maximum);
        }

        return maximum + Math.Log(sum);
    }

    /// <summary><c>result[j] = ln(mean over i of softmax(logits)[i, j])</c>, finite for finite logits, in double precision and in a fixed order.</summary>
    /// <param name="logits"><c>[rows, columns]</c>, at least one row; overwritten.</param>
    /// <param name="result"><c>[columns]</c>.</param>
    public static void LogMeanSoftmax(MatrixSpan logits, Span<float> result)
    {
        Throw.IfLengthsDiffer(logits.Columns, result.Length, nameof(result));
        for (int i = 0; i < logits.Rows; i++)
        {
            Span<float> row = logits.Row(i);
            TensorPrimitives.Subtract(row, (float)LogSumExp(row), row);
        }

        for (int j = 0; j < result.Length; j++)
        {
            double greatest = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < logits.Rows; i++)
            {
                greatest = Math.Max(greatest, logits.Row(i)[j]);
            }

            for (int i = 0; i < logits.Rows; i++)
            {
                sum += Math.Exp(logits.Row(i)[j] - greatest);
            }

            result[j] = (float)(greatest + Math.Log(sum / logits.Rows));
        }
    }

    /// <summary>Whether no value is NaN or infinite; true for an empty span.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values) => values.IsEmpty || TensorPrimitives.IsFiniteAll(values);

    /// <summary><c>e^(x - subtrahend)</c>.</summary>
    private readonly struct PowerOfDifference(float subtrahend) : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Exp<TLanes, TVector>(TLanes.Subtract(x, TLanes.Broadcast(subtrahend)));
    }

    private readonly struct Multiple(float factor) : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Multiply(x, TLanes.Broadcast(factor));
    }
}
