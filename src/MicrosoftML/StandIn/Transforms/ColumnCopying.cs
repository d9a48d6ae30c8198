using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnCopyingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Copy", "StandInCopy")]
[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnSelectingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Select", "StandInSelect")]

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IEnumerable<InputOutputColumnPair> columns) : base(new ColumnCopyingTransformer(columns)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(Transformer.Columns.Select(pair =>
        {
            var c = Check.Column(inputSchema, pair.InputColumnName);
            return new SchemaShape.Column(pair.OutputColumnName, c.Kind, c.ItemType, c.IsKey, c.Annotations);
        }));
}

/// <summary>Copies columns under other names.</summary>
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("COPYCOLS", "StandInCopy");
    internal ColumnCopyingTransformer(IEnumerable<InputOutputColumnPair> columns) : base(columns) { }
    private ColumnCopyingTransformer(ModelLoadContext ctx) : base(ctx, _version) { }
    private protected override void Save(ModelSaveContext ctx) => SaveColumns(ctx, _version);

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
        => new(
            new(name, input.Type, input.Annotations), [input.Index],
            row => Generic.Call<Delegate>(row.GetGetter<int>, input.Type.RawType, input));
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(string[] names, bool keep) : base(new ColumnSelectingTransformer(names, keep)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        foreach (string name in Transformer.Names)
            Check.Column(Check.Value(inputSchema, nameof(inputSchema)), name);
        return Transformer.Keep
            ? new SchemaShape(Transformer.Names.Select(name => Check.Column(inputSchema, name)))
            : new SchemaShape(inputSchema.Where(c => !Transformer.Names.Contains(c.Name)));
    }
}

/// <summary>Keeps or drops columns.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    private static readonly VersionInfo _version = new(
        "SELCOLMN", 0x00010001, 0x00010001, 0x00010001, typeof(ColumnSelectingTransformer).Assembly.FullName, "StandInSelect");

    internal ColumnSelectingTransformer(string[] names, bool keep)
    {
        Check.Param(names is { Length: > 0 }, nameof(names), "There is no column to keep or drop");
        Names = names;
        Keep = keep;
    }

    private ColumnSelectingTransformer(ModelLoadContext ctx)
    {
        ctx.CheckAtModel(_version);
        Keep = ctx.Reader.ReadBoolean();
        Names = new string[ctx.Reader.ReadInt32()];
        for (int i = 0; i < Names.Length; i++)
            Names[i] = ctx.LoadNonEmptyString();
    }

    bool ITransformer.IsRowToRowMapper => true;
    internal string[] Names { get; }
    internal bool Keep { get; }
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;
    public IDataView Transform(IDataView input) => Bind(Check.Value(input, nameof(input)).Schema).Transform(input);
    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(_version);
        ctx.Writer.Write(Keep);
        ctx.Writer.Write(Names.Length);
        foreach (string name in Names)
            ctx.SaveNonEmptyString(name);
    }

    private RowMapping Bind(DataViewSchema input)
    {
        var named = Names.Select(name => Check.Column(Check.Value(input, "inputSchema"), name)).ToArray();
        return new RowMapping(input, Keep ? named.Select(c => c.Index) : input.Where(c => !Names.Contains(c.Name)).Select(c => c.Index));
    }
}
