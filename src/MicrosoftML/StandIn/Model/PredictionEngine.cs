namespace Microsoft.ML;

/// <summary>Scores single objects. As in ML.NET, one engine serves one thread at a time.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    private readonly ITransformer _transformer;
    private readonly InputRow _input;
    private readonly DataViewRow _output;
    private readonly Action<TDst> _set;

    private protected PredictionEngineBase(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
    {
        _transformer = Check.Value(transformer, nameof(transformer));
        Check.Param(transformer.IsRowToRowMapper, nameof(transformer), "Only a transformer that maps row by row can score single objects");
        _input = new InputRow(new RowMembers<TSrc>(inputDefinition, SchemaDefinition.Direction.Read));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        _output = mapper.GetRow(_input, mapper.OutputSchema);
        _set = new RowMembers<TDst>(outputDefinition, SchemaDefinition.Direction.Write).MakeSetter(_output, ignoreMissingColumns);
        OutputSchema = transformer.GetOutputSchema(_input.Schema);
    }

    public DataViewSchema OutputSchema { get; }

    public void Dispose()
    {
        _output.Dispose();
        (_transformer as IDisposable)?.Dispose();
        GC.SuppressFinalize(this);
    }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    public abstract void Predict(TSrc example, ref TDst prediction);

    private protected void Score(TSrc example, TDst prediction)
    {
        _input.Example = Check.Value(example, nameof(example));
        _set(prediction);
    }

    private sealed class InputRow(RowMembers<TSrc> members) : DataViewRow
    {
        private TSrc _example;
        private long _position = -1;

        public TSrc Example
        {
            get => _example ?? throw new InvalidOperationException("There is no example yet");
            set
            {
                _example = value;
                // Mappers that keep a row's result see by the position that this is another row.
                _position++;
            }
        }

        public override long Position => _position;
        public override long Batch => 0;
        public override DataViewSchema Schema => members.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter()
            => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
            => Check.Getter<TValue>(members.MakeGetter(column.Index, () => Example), column);
    }
}

/// <summary>Scores single objects.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst> where TSrc : class where TDst : class, new()
{
    internal PredictionEngine(
        ITransformer transformer, bool ignoreMissingColumns, SchemaDefinition inputDefinition, SchemaDefinition outputDefinition)
        : base(transformer, ignoreMissingColumns, inputDefinition, outputDefinition) { }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        prediction ??= new TDst();
        Score(example, prediction);
    }
}
