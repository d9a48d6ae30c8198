namespace MlNetMlp.Numerics;

/// <summary>
/// The products of the rows or of the columns of a matrix X [rows, columns] with each other, whichever are fewer: <c>X^T X</c> of a tall one, <c>X X^T</c>
/// of a wide one, and of a square one the former.
/// </summary>
internal static class GramMatrix
{
    /// <summary>The number of its rows, which is that of its columns.</summary>
    public static int SideOf(int rows, int columns) => Math.Min(rows, columns);

    /// <summary>Computes it.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="gram">[side, side]: receives it.</param>
    /// <param name="team">The threads that share the product; the bits do not depend on their number.</param>
    public static void Write(ReadOnlyMatrixSpan matrix, MatrixSpan gram, ThreadTeam team)
    {
        if (IsTall(matrix))
        {
            MatMul.TransposedMultiply(matrix, matrix, gram, team);
        }
        else
        {
            MatMul.MultiplyTransposed(matrix, matrix, gram, team);
        }
    }

    /// <summary>Multiplies the matrix by a square one from the side on which that fits: <c>X S</c> of a tall one, <c>S X</c> of a wide one.</summary>
    /// <param name="matrix">X.</param>
    /// <param name="square">S [side, side].</param>
    /// <param name="product">[rows, columns]: receives the product.</param>
    /// <param name="team">The threads that share it.</param>
    public static void Multiply(ReadOnlyMatrixSpan matrix, ReadOnlyMatrixSpan square, MatrixSpan product, ThreadTeam team)
    {
        if (IsTall(matrix))
        {
            MatMul.Multiply(matrix, square, product, team, default(NoEpilogue));
        }
        else
        {
            MatMul.Multiply(square, matrix, product, team, default(NoEpilogue));
        }
    }

    private static bool IsTall(ReadOnlyMatrixSpan matrix) => matrix.Columns <= matrix.Rows;
}
