namespace MlNetMlp.Numerics;

/// <summary>Matrix products.</summary>
internal static class MatMul
{
    /// <summary><c>result = left * right</c>: <c>[m, k] * [k, n] = [m, n]</c>.</summary>
    public static void Multiply<TEpilogue>(ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue
    {
        if (left.Columns != right.Rows || result.Rows != left.Rows || result.Columns != right.Columns)
            Throw.ProductShapes("left * right", (left.Rows, left.Columns), (right.Rows, right.Columns), (result.Rows, result.Columns));
        result.Values.Clear();
        for (int i = 0; i < left.Rows; i++)
        {
            Span<float> row = result.Row(i);
            for (int k = 0; k < left.Columns; k++)
            {
                float factor = left.Row(i)[k];
                ReadOnlySpan<float> other = right.Row(k);
                for (int j = 0; j < row.Length; j++)
                    row[j] = MathF.FusedMultiplyAdd(factor, other[j], row[j]);
            }
            epilogue.Apply(row, i, 0);
        }
    }

    /// <summary><c>result = left * right^T</c>: <c>[m, k] * [n, k]^T = [m, n]</c>.</summary>
    public static void MultiplyTransposed(ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team)
    {
        if (left.Columns != right.Columns || result.Rows != left.Rows || result.Columns != right.Rows)
            Throw.ProductShapes("left * right^T", (left.Rows, left.Columns), (right.Rows, right.Columns), (result.Rows, result.Columns));
        for (int i = 0; i < left.Rows; i++)
        {
            for (int j = 0; j < right.Rows; j++)
            {
                float sum = 0;
                for (int k = 0; k < left.Columns; k++)
                    sum = MathF.FusedMultiplyAdd(left.Row(i)[k], right.Row(j)[k], sum);
                result.Row(i)[j] = sum;
            }
        }
    }

    /// <summary><c>result = left^T * right</c>: <c>[k, m]^T * [k, n] = [m, n]</c>.</summary>
    public static void TransposedMultiply(ReadOnlyMatrixSpan left, ReadOnlyMatrixSpan right, MatrixSpan result, ThreadTeam team)
    {
        if (left.Rows != right.Rows || result.Rows != left.Columns || result.Columns != right.Columns)
            Throw.ProductShapes("left^T * right", (left.Rows, left.Columns), (right.Rows, right.Columns), (result.Rows, result.Columns));
        result.Values.Clear();
        for (int k = 0; k < left.Rows; k++)
        {
            for (int i = 0; i < result.Rows; i++)
            {
                float factor = left.Row(k)[i];
                Span<float> row = result.Row(i);
                ReadOnlySpan<float> other = right.Row(k);
                for (int j = 0; j < row.Length; j++)
                    row[j] = MathF.FusedMultiplyAdd(factor, other[j], row[j]);
            }
        }
    }

    /// <summary><c>result = left * right</c> on the caller's thread: <c>[m, k] * [k, n] = [m, n]</c>.</summary>
    public static void Multiply<TEpilogue>(ReadOnlyMatrixSpan left, PackedMatrix right, MatrixSpan result, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue => Multiply(left, right.Matrix, result, null!, epilogue);
}
