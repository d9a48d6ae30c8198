using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>A data view of many rows that costs next to nothing: the vector columns <c>Features</c> and <c>Label</c> of some rows, over and over.</summary>
internal sealed class RepeatedRows : IDataView
{
    private readonly int _count;
    private readonly float[][][] _columns;

    /// <param name="count">The number of rows.</param>
    /// <param name="features">The features of the rows that are repeated.</param>
    /// <param name="labels">Their labels.</param>
    public RepeatedRows(int count, float[][] features, float[][] labels)
    {
        _count = count;
        _columns = [features, labels];
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, features[0].Length));
        builder.AddColumn("Label", new VectorDataViewType(NumberDataViewType.Single, labels[0].Length));
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(RepeatedRows view, int[] active) : DataViewRowCursor
    {
        private int _position = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            _position = _position + 1 < view._count ? _position + 1 : -1;
            return _position >= 0;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            float[][] rows = view._columns[column.Index];
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
            {
                float[] row = rows[_position % rows.Length];
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, row.Length);
                row.CopyTo(editor.Values);
                value = editor.Commit();
            };
            return (ValueGetter<TValue>)(Delegate)getter;
        }
    }
}
