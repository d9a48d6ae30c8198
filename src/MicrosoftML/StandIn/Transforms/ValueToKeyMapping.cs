using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ValueToKeyMappingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Term", "StandInTerm")]

namespace Microsoft.ML.Transforms;

/// <summary>Learns the distinct values of columns, and maps each to its key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _asText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(
        InputOutputColumnPair[] columns, int maximumNumberOfKeys, KeyOrdinality ordinality, bool asText, IDataView keyData)
    {
        Check.Param(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), "There must be room for a key");
        Check.Param(keyData is null || keyData.Schema.Count == 1, nameof(keyData), "The key data must have exactly one column");
        _columns = columns;
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = ordinality;
        _asText = asText;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        var schema = Check.Value(input, nameof(input)).Schema;
        var maps = _columns.Select(pair => KeyMap.Create(ItemType(Check.Column(schema, pair.InputColumnName)))).ToArray();
        var data = _keyData ?? input;
        DataViewSchema.Column[] sources = [.. _columns.Select(pair => _keyData is null ? schema[pair.InputColumnName] : _keyData.Schema[0])];
        using var cursor = data.GetRowCursor(sources);
        var trainers = maps.Zip(sources, (map, source) => map.MakeTrainer(cursor, source, _maximumNumberOfKeys)).ToArray();
        while (cursor.MoveNext())
        {
            foreach (var train in trainers)
                train();
        }

        if (_ordinality == KeyOrdinality.ByValue)
            Array.ForEach(maps, map => map.Sort());
        return new ValueToKeyMappingTransformer(_columns, maps, _asText);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(_columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            var keyValues = new SchemaShape.Column(
                AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                _asText ? TextDataViewType.Instance : column.ItemType, false);
            var annotations = column.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.SlotNames).Append(keyValues);
            return new SchemaShape.Column(
                pair.OutputColumnName, column.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        }));

    private static PrimitiveDataViewType ItemType(DataViewSchema.Column column)
        => column.Type.ItemOrSelf() is not KeyDataViewType and PrimitiveDataViewType item ? item
            : throw new NotSupportedException($"Column '{column.Name}' is a key already; the stand-in maps values only");

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte { ByOccurrence = 0, ByValue = 1 }
}

/// <summary>Maps each value to its key; unknown and missing values become the missing key.</summary>
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("TERMTRAN", "StandInTerm");
    private readonly KeyMap[] _maps;
    private readonly bool _asText;

    internal ValueToKeyMappingTransformer(InputOutputColumnPair[] columns, KeyMap[] maps, bool asText) : base(columns)
    {
        _maps = maps;
        _asText = asText;
    }

    private ValueToKeyMappingTransformer(ModelLoadContext ctx) : base(ctx, _version)
    {
        _asText = ctx.Reader.ReadBoolean();
        _maps = [.. Columns.Select(_ => KeyMap.Load(ctx.Reader))];
    }

    private protected override void Save(ModelSaveContext ctx)
    {
        SaveColumns(ctx, _version);
        ctx.Writer.Write(_asText);
        Array.ForEach(_maps, map => map.Save(ctx.Writer));
    }

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
    {
        var map = _maps[index];
        if (!input.Type.ItemOrSelf().Equals(map.ItemType))
            throw Check.WrongType("input", input.Name, map.ItemType.ToString(), input.Type.ToString());
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(input.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        if (map.Count > 0)
            map.AddKeyValues(builder, _asText);
        var key = new KeyDataViewType(typeof(uint), Math.Max(1, map.Count));
        return new AddedColumn(
            new(name, input.Type.WithItem(key), builder.ToAnnotations()), [input.Index], row => map.MakeGetter(row, input));
    }
}
