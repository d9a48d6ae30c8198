using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>A cursor that reads its input ahead in blocks, keeps the columns that pass through, and scores a block at once.</summary>
/// <remarks>
/// The first block is small and the following ones grow, so that a look at the first rows does not read and score hundreds. A block is
/// scored when the first score in it is asked for. If reading ahead fails, the rows before the failure are delivered first.
/// </remarks>
internal sealed class BlockCursor : DataViewRowCursor
{
    private const int FirstBlock = 8;
    private const int LargestBlock = 256;

    /// <summary>The largest number of vector slots and scores that are kept at once: 4 MiB of Single.</summary>
    private const int MaximumSlots = 1 << 20;

    private readonly ScoredSchema _schema;
    private readonly DataViewRowCursor _input;
    private readonly bool[] _active;
    private readonly ColumnBuffer?[] _kept;
    private readonly BlockScores _scores;
    private readonly BlockScores? _uncertainty;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly int _largestBlock;
    private readonly long[] _positions;
    private readonly long[] _batches;
    private readonly DataViewRowId[] _ids;
    private int _blockSize;
    private int _count;
    private int _current = -1;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;

    public BlockCursor(ScoredSchema schema, DataViewRowCursor input, bool[] active)
    {
        _schema = schema;
        _input = input;
        _active = active;
        DataViewSchema.Column[] kept = [.. schema.InputColumns(active)];
        long slots = kept.Sum(column => (long)((column.Type as VectorDataViewType)?.Size ?? 0)) + schema.Scorer.Width + (schema.Uncertainty?.Width ?? 0);
        _largestBlock = (int)Math.Clamp(MaximumSlots / slots, 1, LargestBlock);
        _blockSize = Math.Min(FirstBlock, _largestBlock);
        _positions = new long[_largestBlock];
        _batches = new long[_largestBlock];
        _ids = new DataViewRowId[_largestBlock];
        _kept = new ColumnBuffer?[schema.InputSchema.Count];
        foreach (DataViewSchema.Column column in kept)
        {
            _kept[column.Index] = ColumnBuffer.Create(input, column, _largestBlock);
        }

        var features = (ColumnBuffer<VBuffer<float>>)_kept[schema.Features.Index]!;
        _scores = new BlockScores(schema, features, schema.Scorer);
        _uncertainty = schema.Uncertainty is { } scorer ? new BlockScores(schema, features, scorer) : null;
        _idGetter = input.GetIdGetter();
    }

    public override DataViewSchema Schema => _schema.OutputSchema;

    public override long Position => _current >= 0 ? _positions[_current] : -1;

    public override long Batch => _current >= 0 ? _batches[_current] : _input.Batch;

    public override bool MoveNext()
    {
        if (_current + 1 >= _count && !Read())
        {
            _current = -1;
            return false;
        }

        _scores.MoveTo(++_current, _positions[_current]);
        _uncertainty?.MoveTo(_current, _positions[_current]);
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Current()];

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ScoredSchema.CheckActive(_active, column);
        Delegate getter = _schema.IsFromInput(column.Index)
            ? _kept[column.Index]!.CreateGetter(Current)
            : _schema.CreateGetter(column.Index, _scores, _uncertainty);
        return ScoredSchema.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Current() => _current >= 0
        ? _current
        : throw new InvalidOperationException("The cursor is not on a row: values can be read after MoveNext has returned true.");

    /// <summary>Reads the next block; false at the end.</summary>
    private bool Read()
    {
        _count = 0;
        _current = -1;
        _failure?.Throw();
        try
        {
            while (_count < _blockSize && !_ended)
            {
                // Before every row, for each may be slow to come.
                HostCancellation.ThrowIfCancelled(_schema.Environment);
                if (_input.MoveNext())
                {
                    Keep(_count);
                    _count++;
                }
                else
                {
                    _ended = true;
                }
            }
        }
        catch (Exception exception) when (_count > 0)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }

        _blockSize = Math.Min(2 * _blockSize, _largestBlock);
        _scores.Begin(_count);
        _uncertainty?.Begin(_count);
        return _count > 0;
    }

    private void Keep(int slot)
    {
        _positions[slot] = _input.Position;
        _batches[slot] = _input.Batch;
        _idGetter(ref _ids[slot]);
        foreach (ColumnBuffer? buffer in _kept)
        {
            buffer?.Keep(slot);
        }
    }
}
