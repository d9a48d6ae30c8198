using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>A read-only view of a row-major matrix without gaps between its rows.</summary>
/// <remarks>Shape <c>[Rows, Columns]</c>; element <c>(i, j)</c> is <c>Values[i * Columns + j]</c>. Either extent may be zero.</remarks>
internal readonly ref struct ReadOnlyMatrixSpan
{
    /// <summary>Views <paramref name="values"/> as a matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> or <paramref name="columns"/> is negative.</exception>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not <c>rows * columns</c>.</exception>
    public ReadOnlyMatrixSpan(ReadOnlySpan<float> values, int rows, int columns)
    {
        Throw.IfNotShape(values.Length, rows, columns);
        Values = values;
        Rows = rows;
        Columns = columns;
    }

    public ReadOnlySpan<float> Values { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>One row, <c>[Columns]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<float> Row(int row) => Values.Slice(row * Columns, Columns);

    /// <summary>The rows from <paramref name="firstRow"/> on, <c>[rows, Columns]</c>, without a copy.</summary>
    public ReadOnlyMatrixSpan Slice(int firstRow, int rows) => new(Values.Slice(firstRow * Columns, rows * Columns), rows, Columns);
}
