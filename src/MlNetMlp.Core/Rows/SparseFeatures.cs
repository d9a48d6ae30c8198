using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>A block of rows that stores only the features that are not zero. Filled row by row, emptied and filled again.</summary>
/// <remarks>The memory grows to the largest block so far and is kept.</remarks>
public sealed class SparseFeatures
{
    private int[] _offsets = new int[16];
    private int[] _indices = [];
    private float[] _values = [];

    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="featureCount"/> is less than 1.</exception>
    public SparseFeatures(int featureCount) => FeatureCount = Require.Positive(featureCount, nameof(featureCount));

    /// <summary>The number of features of a row.</summary>
    public int FeatureCount { get; }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>The number of features, over all rows, that are stored.</summary>
    public int Count { get; private set; }

    /// <summary>The rows as a matrix [<see cref="Rows"/>, <see cref="FeatureCount"/>], valid until the next change.</summary>
    internal SparseSpan Matrix => new(_offsets.AsSpan(0, Rows + 1), _indices.AsSpan(0, Count), _values.AsSpan(0, Count), FeatureCount);

    /// <summary>Which features of a row are stored, ascending.</summary>
    /// <param name="row">0 to <see cref="Rows"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<int> Indices(int row) => _indices.AsSpan(Start(row), _offsets[row + 1] - _offsets[row]);

    /// <summary>Their values.</summary>
    /// <inheritdoc cref="Indices"/>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(Start(row), _offsets[row + 1] - _offsets[row]);

    /// <summary>Removes all rows.</summary>
    public void Clear() => Rows = Count = 0;

    /// <summary>Appends a row.</summary>
    /// <param name="indices">Which features are given, ascending, each from 0 to <see cref="FeatureCount"/> - 1; all others are zero.</param>
    /// <param name="values">Their values, one for each index; those that are zero are not stored, NaN means missing.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the indices are not ascending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a feature.</exception>
    public void Add(ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        Check(indices, values, FeatureCount);
        Reserve(indices.Length);
        for (int n = 0; n < indices.Length; n++)
        {
            Append(indices[n], values[n]);
        }

        EndRow();
    }

    /// <summary>Appends a row, given all of its features.</summary>
    /// <param name="values">[<see cref="FeatureCount"/>]; NaN means missing.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        Throw.IfLengthsDiffer(FeatureCount, values.Length, nameof(values));
        for (int j = 0; j < values.Length; j++)
        {
            Reserve(1);
            Append(j, values[j]);
        }

        EndRow();
    }

    /// <summary>Writes rows from number <paramref name="first"/> on with their zeros, as many as <paramref name="rows"/> [rows, features] has.</summary>
    internal void CopyTo(MatrixSpan rows, int first)
    {
        rows.Values.Clear();
        for (int i = 0; i < rows.Rows; i++)
        {
            ReadOnlySpan<int> indices = Indices(first + i);
            ReadOnlySpan<float> values = Values(first + i);
            Span<float> row = rows.Row(i);
            for (int n = 0; n < indices.Length; n++)
            {
                row[indices[n]] = values[n];
            }
        }
    }

    /// <summary>Refuses what is no row of so many features.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or the indices are not ascending.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not that of a feature.</exception>
    internal static void Check(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, int featureCount)
    {
        Throw.IfLengthsDiffer(indices.Length, values.Length, nameof(values));
        int last = -1;
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)featureCount, nameof(indices));
            if (index <= last)
            {
                throw new ArgumentException($"Feature {index} comes after feature {last}; the indices of a row must ascend, each at most once.",
                    nameof(indices));
            }

            last = index;
        }
    }

    /// <summary>Makes room for so many more features.</summary>
    internal void Reserve(int count)
    {
        if (Count + count > _indices.Length)
        {
            int size = (int)Math.Min(Math.Max(2L * _indices.Length, Count + (long)count), Array.MaxLength);
            Array.Resize(ref _indices, size);
            Array.Resize(ref _values, size);
        }
    }

    /// <summary>
    /// Appends a feature to the row that is being written, unless it is zero; there must be room, and the index must be greater than that
    /// before.
    /// </summary>
    internal void Append(int index, float value)
    {
        if (value != 0)
        {
            _indices[Count] = index;
            _values[Count] = value;
            Count++;
        }
    }

    /// <summary>Completes the row that is being written.</summary>
    internal void EndRow()
    {
        Rows++;
        if (Rows >= _offsets.Length)
        {
            Array.Resize(ref _offsets, 2 * _offsets.Length);
        }

        _offsets[Rows] = Count;
    }

    private int Start(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return _offsets[row];
    }

    /// <summary>How many rows of which size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Rows} rows of {FeatureCount} features, {Count} not zero");
}
