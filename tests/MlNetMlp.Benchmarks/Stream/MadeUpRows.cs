using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.Stream;

/// <summary>
/// A data view that makes up its rows when they are read: features uniform in [-1, 1), and a label that is true where a function of them is
/// positive.
/// </summary>
internal sealed class MadeUpRows : IDataView
{
    public const int FeatureCount = 28;

    private readonly long _count;

    public MadeUpRows(long count)
    {
        _count = count;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", BooleanDataViewType.Instance);
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, FeatureCount));
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>Not told, as a stream's is not known.</summary>
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(Schema, _count);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, long count) : DataViewRowCursor
    {
        private readonly SeededRandom _random = new(1);
        private readonly float[] _features = new float[FeatureCount];
        private long _position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override bool MoveNext()
        {
            if (++_position >= count)
            {
                _position = -1;
                return false;
            }

            _random.At(_position).FillUniform(_features, -1, 1);
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Delegate getter = column.Index == 0 ? (ValueGetter<bool>)GetLabel : (ValueGetter<VBuffer<float>>)GetFeatures;
            return (ValueGetter<TValue>)getter;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        private void GetLabel(ref bool value)
        {
            float[] x = _features;
            value = x[0] * x[1] + x[2] * x[3] + x[4] - 0.5f * x[5] > 0;
        }

        private void GetFeatures(ref VBuffer<float> value)
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, FeatureCount);
            _features.CopyTo(editor.Values);
            value = editor.Commit();
        }
    }
}
