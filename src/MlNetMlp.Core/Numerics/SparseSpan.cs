namespace MlNetMlp.Numerics;

/// <summary>A view of a matrix of which only the elements that are not zero are stored, row after row.</summary>
/// <remarks>
/// Shape <c>[Rows, Columns]</c>; row <c>i</c> has the elements <c>(i, Indices[n]) = Values[n]</c> for n from <c>Offsets[i]</c> up to, but
/// not with, <c>Offsets[i + 1]</c>. Elements that are not stored are zero.
/// </remarks>
/// <param name="offsets">[Rows + 1], from 0, ascending.</param>
/// <param name="indices">Their columns, 0 to <paramref name="columns"/> - 1: the owner has checked them, the products trust them.</param>
/// <param name="values">Their values, as many as <paramref name="indices"/>.</param>
/// <param name="columns">The number of columns.</param>
internal readonly ref struct SparseSpan(ReadOnlySpan<int> offsets, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int columns)
{
    public ReadOnlySpan<int> Offsets { get; } = offsets;

    public ReadOnlySpan<int> Indices { get; } = indices;

    public ReadOnlySpan<float> Values { get; } = values;

    public int Rows => Offsets.Length - 1;

    public int Columns { get; } = columns;
}
