namespace Microsoft.ML.Data
{
    /// <summary>Adds columns, each computed from its own row.</summary>
    public abstract class RowToRowTransformerBase : ITransformer
    {
        private protected RowToRowTransformerBase() { }
        bool ITransformer.IsRowToRowMapper => true;
        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;
        public IDataView Transform(IDataView input) => Bind(Check.Value(input, nameof(input)).Schema).Transform(input);
        IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Bind(inputSchema);
        void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);
        private protected abstract void Save(ModelSaveContext ctx);

        /// <summary>The columns added to that schema; throws where an input column is missing or of a wrong type.</summary>
        private protected abstract IEnumerable<AddedColumn> Map(DataViewSchema input);

        /// <summary>The first format of a transformer in this assembly.</summary>
        private protected static VersionInfo FirstVersion(string modelSignature, string loaderSignature)
            => new(modelSignature, 0x00010001, 0x00010001, 0x00010001, typeof(RowToRowTransformerBase).Assembly.FullName, loaderSignature);

        private RowMapping Bind(DataViewSchema input) => new(Check.Value(input, "inputSchema"), Map(input));
    }

    /// <summary>Adds columns, each computed from one input column.</summary>
    public abstract class OneToOneTransformerBase : RowToRowTransformerBase
    {
        private protected OneToOneTransformerBase(IEnumerable<InputOutputColumnPair> columns)
        {
            Columns = [.. Check.Value(columns, nameof(columns))];
            Check.Param(Columns.Length > 0, nameof(columns), "There is no column to transform");
        }

        private protected OneToOneTransformerBase(ModelLoadContext ctx, VersionInfo version)
        {
            ctx.CheckAtModel(version);
            Columns = new InputOutputColumnPair[ctx.Reader.ReadInt32()];
            for (int i = 0; i < Columns.Length; i++)
                Columns[i] = new InputOutputColumnPair(ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString());
        }

        internal InputOutputColumnPair[] Columns { get; }

        private protected void SaveColumns(ModelSaveContext ctx, VersionInfo version)
        {
            ctx.SetVersionInfo(version);
            ctx.Writer.Write(Columns.Length);
            foreach (var column in Columns)
            {
                ctx.SaveNonEmptyString(column.OutputColumnName);
                ctx.SaveNonEmptyString(column.InputColumnName);
            }
        }

        private protected override IEnumerable<AddedColumn> Map(DataViewSchema input)
            => Columns.Select((pair, i) => Map(Check.Column(input, pair.InputColumnName), pair.OutputColumnName, i));

        private protected abstract AddedColumn Map(DataViewSchema.Column input, string name, int index);
    }

    /// <summary>An estimator that has nothing to learn.</summary>
    public abstract class TrivialEstimator<TTransformer> : IEstimator<TTransformer> where TTransformer : class, ITransformer
    {
        private protected TrivialEstimator(TTransformer transformer) => Transformer = transformer;
        private protected TTransformer Transformer { get; }

        public TTransformer Fit(IDataView input)
        {
            // The schema is checked here, as ML.NET does it.
            Transformer.GetOutputSchema(Check.Value(input, nameof(input)).Schema);
            return Transformer;
        }

        public abstract SchemaShape GetOutputSchema(SchemaShape inputSchema);
    }
}

namespace Microsoft.ML
{
    /// <summary>The names of a column and of what is made of it.</summary>
    public sealed class InputOutputColumnPair
    {
        public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
        {
            OutputColumnName = Check.NonEmpty(outputColumnName, nameof(outputColumnName));
            InputColumnName = inputColumnName ?? outputColumnName;
        }

        public string InputColumnName { get; }
        public string OutputColumnName { get; }
    }
}
