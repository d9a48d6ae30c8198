using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The features that a block of sparse rows has, and the rows that have each of them: the transpose of the block, without its empty rows.</summary>
/// <param name="featureCount">The number of features of a row.</param>
internal sealed class ActiveFeatures(int featureCount)
{
    /// <summary>The place of each feature in <see cref="Features"/>, plus 1; 0 if it is not active.</summary>
    private readonly int[] _place = new int[featureCount];

    private int[] _features = [];
    private int[] _offsets = [0];
    private int[] _rows = [];
    private float[] _values = [];
    private int _blockRows;

    /// <summary>The number of active features.</summary>
    public int Count { get; private set; }

    /// <summary>The active features, in the order in which the rows have them.</summary>
    public ReadOnlySpan<int> Features => _features.AsSpan(0, Count);

    /// <summary>[<see cref="Count"/>, rows]: for each active feature its values in the rows, ascending.</summary>
    public SparseSpan Matrix => new(_offsets.AsSpan(0, Count + 1), _rows.AsSpan(0, _offsets[Count]), _values.AsSpan(0, _offsets[Count]), _blockRows);

    /// <summary>Forgets the block before and looks at another one.</summary>
    public void Read(SparseSpan block)
    {
        Clear();
        Grow(block.Indices.Length);
        _blockRows = block.Rows;
        foreach (int feature in block.Indices)
        {
            ref int place = ref _place[feature];
            if (place == 0)
            {
                _features[Count++] = feature;
                place = Count;
                _offsets[Count] = 0;
            }

            _offsets[place]++;
        }

        // From the number of values of each feature to the place of its first.
        for (int i = 0, sum = 0; i < Count; i++)
        {
            (sum, _offsets[i + 1]) = (sum + _offsets[i + 1], sum);
        }

        // Each offset moves on with the values that are written, and ends where the next feature begins.
        for (int row = 0; row < block.Rows; row++)
        {
            for (int n = block.Offsets[row]; n < block.Offsets[row + 1]; n++)
            {
                int target = _offsets[_place[block.Indices[n]]]++;
                _rows[target] = row;
                _values[target] = block.Values[n];
            }
        }
    }

    private void Clear()
    {
        foreach (int feature in Features)
        {
            _place[feature] = 0;
        }

        Count = 0;
    }

    private void Grow(int values)
    {
        if (_rows.Length < values)
        {
            int size = (int)Math.Min(Math.Max(2L * _rows.Length, values), Array.MaxLength);
            (_rows, _values) = (new int[size], new float[size]);
            (_features, _offsets) = (new int[Math.Min(size, featureCount)], new int[Math.Min(size, featureCount) + 1]);
        }
    }
}
