namespace MlNetMlp.Numerics;

/// <summary>Where the operands and the result of a product of a sparse matrix with a dense one are; see <see cref="SparseSpan"/>.</summary>
internal unsafe struct SparseProduct
{
    public int* Offsets;
    public int* Indices;
    public float* Values;

    /// <summary>The number of rows of the left operand.</summary>
    public int Rows;

    /// <summary>Element <c>(k, c)</c> of the right operand is <c>Right[k * Columns + c]</c>.</summary>
    public float* Right;

    /// <summary>The number of columns of the right operand and of the result.</summary>
    public int Columns;

    public float* Result;

    /// <summary>The rows of the result that are computed, one for each of the left operand; null: all, in their order.</summary>
    public int* ResultRows;
}
