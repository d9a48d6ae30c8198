namespace MlNetMlp.Numerics;

/// <summary>A product to be computed: where its matrices are and their extents.</summary>
/// <remarks>
/// <c>result[i, j] = sum over k of left(i, k) * right(k, j)</c>, shapes <c>[Rows, Depth] * [Depth, Columns] = [Rows, Columns]</c>.
/// </remarks>
internal unsafe struct Product
{
    public int Rows;
    public int Columns;
    public int Depth;

    public float* Left;
    public float* Right;
    public float* Result;

    /// <summary><see cref="Layout.RowMajor"/> or <see cref="Layout.Transposed"/>.</summary>
    public Layout LeftLayout;

    public Layout RightLayout;
}
