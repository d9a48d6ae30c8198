using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>A writable view of a row-major matrix without gaps between its rows.</summary>
/// <remarks>Shape <c>[Rows, Columns]</c>; element <c>(i, j)</c> is <c>Values[i * Columns + j]</c>. Either extent may be zero.</remarks>
internal readonly ref struct MatrixSpan
{
    /// <summary>Views <paramref name="values"/> as a matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is negative.</exception>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not <c>rows * columns</c>.</exception>
    public MatrixSpan(Span<float> values, int rows, int columns)
    {
        Throw.IfNotShape(values.Length, rows, columns);
        Values = values;
        Rows = rows;
        Columns = columns;
    }

    public Span<float> Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>One row, <c>[Columns]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<float> Row(int row) => Values.Slice(row * Columns, Columns);

    /// <summary>The rows from <paramref name="firstRow"/> on, <c>[rows, Columns]</c>, without a copy.</summary>
    public MatrixSpan Slice(int firstRow, int rows) => new(Values.Slice(firstRow * Columns, rows * Columns), rows, Columns);

    public static implicit operator ReadOnlyMatrixSpan(MatrixSpan matrix) => new(matrix.Values, matrix.Rows, matrix.Columns);
}
