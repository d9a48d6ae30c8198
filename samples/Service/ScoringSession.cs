using System.Buffers;
using System.Text.Json;
using MlNetMlp;
using MlNetMlp.Serving;

namespace Service;

/// <summary>What one request at a time scores with: a row of the model, and room for the answer.</summary>
internal sealed class ScoringSession
{
    private readonly ArrayBufferWriter<byte> _answer = new();

    // One more than the row of this request that a column was last set for: a column that comes twice is seen, and nothing has to be cleared for the next row.
    private readonly int[] _setInRow;

    public ScoringSession(RowScorer scorer)
    {
        Row = scorer.CreateRow();
        Json = new Utf8JsonWriter(_answer);
        _setInRow = new int[scorer.Inputs.Count];
    }

    public ScoringRow Row { get; }

    /// <summary>Writes into <see cref="Answer"/>.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>What was written and flushed.</summary>
    public ReadOnlyMemory<byte> Answer => _answer.WrittenMemory;

    /// <summary>Remembers that a column is set in a row of the request; false if it is already.</summary>
    public bool TrySet(int index, int row)
    {
        bool isFirst = _setInRow[index] != row + 1;
        _setInRow[index] = row + 1;
        return isFirst;
    }

    /// <summary>Makes it fit for the next request, whatever became of this one.</summary>
    public void Clear()
    {
        Row.Clear();
        Array.Clear(_setInRow);
        _answer.ResetWrittenCount();
        Json.Reset();
    }
}
