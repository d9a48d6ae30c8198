namespace MlNetMlp.Numerics;

/// <summary>Where the elements of one sparse row are.</summary>
internal unsafe struct SparseRow
{
    /// <summary>Element <c>n</c> stands in column <c>Indices[n]</c>.</summary>
    public int* Indices;

    public float* Values;

    /// <summary>The number of elements; none makes all sums 0.</summary>
    public int Count;
}
