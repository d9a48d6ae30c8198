using System.Numerics.Tensors;

namespace MlNetMlp.Numerics;

/// <summary>Lengths of the columns of a matrix, in double: no square of a float can overflow or vanish there.</summary>
internal static class ColumnScaling
{
    /// <summary>Puts the Euclidean norm of every column into the first <c>Columns</c> elements of <paramref name="scratch"/>, rows added in order.</summary>
    /// <returns>The norms [columns], where <see cref="Scale"/> looks for factors.</returns>
    public static Span<double> Norms(MatrixSpan weights, Span<double> scratch)
    {
        Span<double> norms = scratch[..weights.Columns], row = scratch.Slice(weights.Columns, weights.Columns);
        norms.Clear();
        for (int i = 0; i < weights.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(weights.Row(i), row);
            TensorPrimitives.FusedMultiplyAdd(row, row, norms, norms);
        }

        TensorPrimitives.Sqrt(norms, norms);
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
