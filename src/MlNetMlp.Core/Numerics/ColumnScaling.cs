using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Lengths of the columns of a matrix, in double: no square of a float can overflow or vanish there.</summary>
internal static class ColumnScaling
{
    /// <summary>Puts the Euclidean norm of every column into the first <c>Columns</c> elements of <paramref name="scratch"/>, rows added in order.</summary>
    /// <returns>The norms [columns], where <see cref="Scale"/> looks for factors.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Span<double> Norms(MatrixSpan weights, Span<double> scratch)
    {
        Span<double> norms = scratch[..weights.Columns];
        int columns = weights.Columns, j = 0;
        ref float values = ref MemoryMarshal.GetReference(weights.Values);
        for (; j <= columns - Vector512<float>.Count; j += Vector512<float>.Count)
        {
            Vector512<double> lower = Vector512<double>.Zero, upper = Vector512<double>.Zero;
            for (int i = 0; i < weights.Rows; i++)
            {
                Vector512<float> row = Vector512.LoadUnsafe(ref values, (nuint)(i * columns + j));
                Vector512<double> left = Vector512.WidenLower(row), right = Vector512.WidenUpper(row);
                lower += left * left;
                upper += right * right;
            }

            Vector512.Sqrt(lower).CopyTo(norms[j..]);
            Vector512.Sqrt(upper).CopyTo(norms[(j + Vector512<double>.Count)..]);
        }

        for (; j < columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < weights.Rows; i++)
            {
                double weight = Unsafe.Add(ref values, i * columns + j);
                sum += weight * weight;
            }

            norms[j] = Math.Sqrt(sum);
        }

        return norms;
    }

    /// <summary>Multiplies every column by its factor, the element of <paramref name="scratch"/> with its number; 1 changes no bit.</summary>
    public static void Scale(MatrixSpan weights, Span<double> scratch)
    {
        Span<double> factors = scratch[..weights.Columns], row = scratch.Slice(weights.Columns, weights.Columns);
        for (int i = 0; i < weights.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(weights.Row(i), row);
            TensorPrimitives.Multiply(row, factors, row);
            TensorPrimitives.ConvertTruncating<double, float>(row, weights.Row(i));
        }
    }
}
