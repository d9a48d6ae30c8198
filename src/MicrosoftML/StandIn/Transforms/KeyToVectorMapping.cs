using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(KeyToVectorMappingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "KeyToVector", "StandInKeyToVector")]

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys to indicator vectors, or vectors of keys to vectors of their counts.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(InputOutputColumnPair[] columns, bool counts)
        : base(new KeyToVectorMappingTransformer(columns, counts)) { }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
        => Check.Value(inputSchema, nameof(inputSchema)).With(Transformer.Columns.Select(pair =>
        {
            var column = Check.Column(inputSchema, pair.InputColumnName);
            if (!column.IsKey)
                throw Check.WrongType("input", column.Name, "a key", column.GetTypeString());
            bool counts = Transformer.Counts;
            bool variable = column.Kind == SchemaShape.Column.VectorKind.VariableVector;
            var annotations = new List<SchemaShape.Column>();
            if (column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values)
                && values.ItemType is TextDataViewType && (counts || !variable))
            {
                annotations.Add(Annotate.SlotNamesShape);
            }

            if (!counts && !variable)
                annotations.Add(Annotate.SlotRangesShape);
            if (!counts || column.Kind == SchemaShape.Column.VectorKind.Scalar)
                annotations.Add(Annotate.NormalizedShape);
            var kind = variable && !counts ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
            return new SchemaShape.Column(pair.OutputColumnName, kind, NumberDataViewType.Single, false, new SchemaShape(annotations));
        }));
}

/// <summary>Maps keys to indicator vectors, or vectors of keys to vectors of their counts.</summary>
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    private static readonly VersionInfo _version = FirstVersion("KEY2VECT", "StandInKeyToVector");
    internal KeyToVectorMappingTransformer(InputOutputColumnPair[] columns, bool counts) : base(columns) => Counts = counts;
    private KeyToVectorMappingTransformer(ModelLoadContext ctx) : base(ctx, _version) => Counts = ctx.Reader.ReadBoolean();
    internal bool Counts { get; }

    private protected override void Save(ModelSaveContext ctx)
    {
        SaveColumns(ctx, _version);
        ctx.Writer.Write(Counts);
    }

    private protected override AddedColumn Map(DataViewSchema.Column input, string name, int index)
    {
        if (input.Type.ItemOrSelf() is not KeyDataViewType key)
            throw Check.WrongType("input", input.Name, "a key or a vector of keys", input.Type.ToString());
        int keys = checked((int)key.Count);
        int inputs = input.Type.ValueCount();
        int[] dimensions = Counts || inputs == 1 ? [keys] : [inputs, keys];
        var builder = new DataViewSchema.Annotations.Builder();
        if (input.HasKeyValues() && (Counts || inputs > 0))
            builder.AddVector(AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance, SlotNames(input), dimensions);
        if (!Counts && inputs > 0)
        {
            int[] ranges = [.. Enumerable.Range(0, inputs).SelectMany(i => (int[])[i * keys, ((i + 1) * keys) - 1])];
            builder.AddVector(AnnotationUtils.Kinds.CategoricalSlotRanges, NumberDataViewType.Int32, ranges, inputs, 2);
        }

        if (!Counts || !input.Type.IsVector())
            builder.AddNormalized();
        return new AddedColumn(
            new(name, new VectorDataViewType(NumberDataViewType.Single, dimensions), builder.ToAnnotations()), [input.Index],
            row => Generic.Call<Delegate>(Getter<byte>, key.RawType, row, input, keys, Counts));
    }

    /// <summary>The keys' values; for a vector of keys "slot.value", where an unnamed slot is called by its number.</summary>
    private ReadOnlyMemory<char>[] SlotNames(DataViewSchema.Column input)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        input.GetKeyValues(ref values);
        int inputs = input.Type.ValueCount();
        if (Counts || inputs == 1)
            return [.. values.DenseValues()];
        var slots = input.HasSlotNames() ? input.SlotNames() : new ReadOnlyMemory<char>[inputs];
        return [.. slots.SelectMany((slot, i) => values.DenseValues().Select(v => $"{(slot.IsEmpty ? $"[{i}]" : slot)}.{v}".AsMemory()))];
    }

    private static ValueGetter<VBuffer<float>> Getter<TKey>(DataViewRow row, DataViewSchema.Column column, int keys, bool counts)
        where TKey : struct, System.Numerics.IBinaryInteger<TKey>
    {
        var getOne = column.Type.IsVector() ? null : row.GetGetter<TKey>(column);
        var getMany = column.Type.IsVector() ? row.GetGetter<VBuffer<TKey>>(column) : null;
        TKey one = default;
        VBuffer<TKey> many = default;
        var hot = new SortedDictionary<int, float>();
        return (ref VBuffer<float> value) =>
        {
            hot.Clear();
            int inputs = 1;
            if (getOne is not null)
            {
                getOne(ref one);
                Set(0, one);
            }
            else
            {
                getMany(ref many);
                inputs = many.Length;
                foreach (var (slot, key) in many.Items())
                    Set(slot, key);
            }

            var editor = VBufferEditor.Create(ref value, counts ? keys : inputs * keys, hot.Count);
            int next = 0;
            foreach (var (slot, count) in hot)
            {
                if (editor.Indices.Length > 0)
                    editor.Indices[next] = slot;
                editor.Values[next++] = count;
            }

            value = editor.Commit();
        };

        void Set(int slot, TKey key)
        {
            int at = int.CreateSaturating(key) - 1;
            if (at < 0 || at >= keys)
                return;
            at += counts ? 0 : slot * keys;
            hot[at] = hot.GetValueOrDefault(at) + 1;
        }
    }
}
