using System.Buffers;
using System.Text.Json;

namespace Service;

/// <summary>Room for the answer of one request at a time, and for what has to be remembered of its rows.</summary>
internal sealed class JsonAnswer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    // One more than the row of this request that a column was last set for: a column that comes twice is seen, and nothing has to be cleared for the next row.
    private int[] _setInRow = [];

    public JsonAnswer() => Json = new Utf8JsonWriter(_bytes);

    /// <summary>Writes into <see cref="Bytes"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>What was written and flushed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Makes it fit for a request to a model with so many columns, whatever became of the one before.</summary>
    public void Begin(int columns)
    {
        if (_setInRow.Length < columns)
        {
            _setInRow = new int[columns];
        }

        Array.Clear(_setInRow);
        _bytes.ResetWrittenCount();
        Json.Reset();
    }

    /// <summary>Remembers that a column is set in a row of the request; false if it is already.</summary>
    public bool TrySet(int index, int row)
    {
        bool isFirst = _setInRow[index] != row + 1;
        _setInRow[index] = row + 1;
        return isFirst;
    }
}
