namespace MlNetMlp;

/// <summary>The rows of a matrix that something was added to, each once, in the order of the first time.</summary>
/// <param name="count">The number of rows of the matrix.</param>
internal sealed class TouchedRows(int count)
{
    private readonly bool[] _isTouched = new bool[count];
    private int[] _rows = new int[16];
    private int _count;

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    public void Add(int row)
    {
        if (_isTouched[row])
        {
            return;
        }

        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, 2 * _count);
        }

        _isTouched[row] = true;
        _rows[_count++] = row;
    }

    public void Clear()
    {
        foreach (int row in Rows)
        {
            _isTouched[row] = false;
        }

        _count = 0;
    }
}
