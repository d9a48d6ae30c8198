using Microsoft.ML.Transforms;

[assembly: Microsoft.ML.LoadableClass(
    typeof(ColumnConcatenatingTransformer), null, typeof(Microsoft.ML.SignatureLoadModel), "Concat", "StandInConcat")]

namespace Microsoft.ML.Transforms
{
    /// <summary>Joins columns into one vector.</summary>
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingEstimator(string output, string[] inputs)
        {
            _output = Check.NonEmpty(output, nameof(output));
            _inputs = inputs is { Length: > 0 } ? inputs : [output];
        }

        public ColumnConcatenatingTransformer Fit(IDataView input) => new(_output, _inputs);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            SchemaShape.Column[] inputs = [.. _inputs.Select(name => Check.Column(Check.Value(inputSchema, nameof(inputSchema)), name))];
            foreach (var column in inputs)
            {
                Check.That(!column.IsKey, $"Column '{column.Name}' is a key; keys cannot be concatenated");
                Check.That(
                    column.ItemType.Equals(inputs[0].ItemType),
                    $"Column '{column.Name}' of {column.ItemType} cannot be concatenated with '{inputs[0].Name}' of {inputs[0].ItemType}");
            }

            var annotations = new List<SchemaShape.Column>();
            if (inputs.All(c => c.HasNormalized()))
                annotations.Add(Annotate.NormalizedShape);
            if (inputs.Any(c => c.Kind == SchemaShape.Column.VectorKind.Scalar || c.HasSlotNames()))
                annotations.Add(Annotate.SlotNamesShape);
            bool variable = inputs.Any(c => c.Kind == SchemaShape.Column.VectorKind.VariableVector);
            var kind = variable ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
            return inputSchema.With(new SchemaShape.Column(_output, kind, inputs[0].ItemType, false, new SchemaShape(annotations)));
        }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>Joins columns into one vector.</summary>
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        private static readonly VersionInfo _version = FirstVersion("CONCAT S", "StandInConcat");
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingTransformer(string output, string[] inputs)
        {
            _output = output;
            _inputs = inputs;
        }

        private ColumnConcatenatingTransformer(ModelLoadContext ctx)
        {
            ctx.CheckAtModel(_version);
            _output = ctx.LoadNonEmptyString();
            _inputs = new string[ctx.Reader.ReadInt32()];
            for (int i = 0; i < _inputs.Length; i++)
                _inputs[i] = ctx.LoadNonEmptyString();
        }

        private protected override void Save(ModelSaveContext ctx)
        {
            ctx.SetVersionInfo(_version);
            ctx.SaveNonEmptyString(_output);
            ctx.Writer.Write(_inputs.Length);
            foreach (string input in _inputs)
                ctx.SaveNonEmptyString(input);
        }

        private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
        {
            DataViewSchema.Column[] columns = [.. _inputs.Select(name => Check.Column(input, name))];
            var item = (PrimitiveDataViewType)columns[0].Type.ItemOrSelf();
            foreach (var column in columns)
            {
                if (!column.Type.ItemOrSelf().Equals(item))
                    throw Check.WrongType("input", column.Name, item.ToString(), column.Type.ToString());
            }

            int size = columns.Any(c => c.Type.ValueCount() == 0) ? 0 : columns.Sum(c => c.Type.ValueCount());
            var type = new VectorDataViewType(item, size);
            // One vector by itself is passed on as it is.
            bool same = columns is [{ Type: VectorDataViewType }];
            yield return new AddedColumn(
                same ? new(_output, columns[0].Type, columns[0].Annotations) : new(_output, type, Annotations(columns, item, size)),
                [.. columns.Select(c => c.Index)], row => Generic.Call<Delegate>(Getter<int>, item.RawType, row, columns));
        }

        private static DataViewSchema.Annotations Annotations(DataViewSchema.Column[] columns, DataViewType item, int size)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            if (item is NumberDataViewType && columns.All(c => c.IsNormalized()))
                builder.AddNormalized();
            if (size > 0 && columns.Any(c => !c.Type.IsVector() || c.HasSlotNames()))
                builder.AddVector(AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance, [.. columns.SelectMany(SlotNames)]);
            return builder.ToAnnotations();
        }

        /// <summary>A value's name is its column's; a vector's slots are named "column.slot" where they have names.</summary>
        private static IEnumerable<ReadOnlyMemory<char>> SlotNames(DataViewSchema.Column column)
            => !column.Type.IsVector() ? [column.Name.AsMemory()]
                : !column.HasSlotNames() ? new ReadOnlyMemory<char>[column.Type.ValueCount()]
                : column.SlotNames().Select(name => name.IsEmpty ? name : $"{column.Name}.{name}".AsMemory());

        private static Delegate Getter<TItem>(DataViewRow row, DataViewSchema.Column[] columns)
        {
            var getters = columns.Select(c => Items.Vectors<TItem>(row, c)).ToArray();
            var parts = new VBuffer<TItem>[columns.Length];
            return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> value) =>
            {
                int length = 0;
                int count = 0;
                for (int i = 0; i < parts.Length; i++)
                {
                    getters[i](ref parts[i]);
                    int expected = columns[i].Type.ValueCount();
                    // The message is made where it is needed only: rows are scored without allocating.
                    if (expected != 0 && expected != parts[i].Length)
                        Check.That(false, $"Column '{columns[i].Name}' has a vector of {parts[i].Length} values, its type says {expected}");
                    length += parts[i].Length;
                    count += parts[i].GetValues().Length;
                }

                bool sparse = count <= length / 2;
                var editor = VBufferEditor.Create(ref value, length, sparse ? count : length);
                int start = 0;
                int next = 0;
                foreach (ref readonly var part in parts.AsSpan())
                {
                    if (sparse)
                    {
                        part.GetValues().CopyTo(editor.Values[next..]);
                        for (int i = 0; i < part.GetValues().Length; i++)
                            editor.Indices[next++] = start + (part.IsDense ? i : part.GetIndices()[i]);
                    }
                    else
                    {
                        part.CopyTo(editor.Values, start);
                    }

                    start += part.Length;
                }

                value = editor.Commit();
            });
        }
    }
}
