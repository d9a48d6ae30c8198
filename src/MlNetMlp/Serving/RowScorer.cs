using System.Collections.Frozen;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>
/// Scores single rows with a whole pipeline, where the columns are known only at run time.
/// Immutable; any number of threads may use one instance.
/// </summary>
/// <remarks>
/// <para>
/// Made by <see cref="MlpScoringCatalog.CreateRowScorer"/>. It needs no class for rows or predictions, and gives the same bits as a
/// <c>PredictionEngine</c>. Rows are scored by a <see cref="ScoringRow"/>, of which every thread, or every caller, takes one of its own.
/// </para>
/// <para>
/// Many rows are a loop over one <see cref="ScoringRow"/>, or over one for each thread:
/// <c>Parallel.For(0, count, scorer.CreateRow, (i, _, row) =&gt; { Fill(row, i); row.Score(); Read(row, i); return row; }, row =&gt; row.Dispose())</c>.
/// Either way the scores are, bit for bit, those of <c>model.Transform</c>.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using MlNetMlp.Serving;
///
/// ITransformer loaded = mlContext.Model.Load("model.zip", out DataViewSchema columns);
/// RowScorer scorer = mlContext.Model.CreateRowScorer(loaded, columns);
///
/// using ScoringRow row = scorer.CreateRow();
/// row.Set("District", "North");
/// row.Set("Rooms", 3f);
/// row.SetMissing("Age");
/// row.Score();
/// Console.WriteLine(row.Get&lt;float&gt;("Score"));
/// </code>
/// </example>
public sealed class RowScorer
{
    private readonly ITransformer _model;
    private readonly FrozenDictionary<string, int> _inputs;
    private readonly FrozenDictionary<string, int> _outputs;

    internal RowScorer(ITransformer model, DataViewSchema inputSchema, IEnumerable<string>? outputColumnNames)
    {
        _model = model;
        InputSchema = inputSchema;
        IRowToRowMapper mapper = model.GetRowToRowMapper(inputSchema);
        OutputSchema = mapper.OutputSchema;
        DataViewSchema.Column[] outputs = outputColumnNames is null
            ? PredictedColumns.Of(model, mapper)
            : [.. outputColumnNames.Select(name => Find(OutputSchema, name, nameof(outputColumnNames))).DistinctBy(column => column.Index)];
        var required = mapper.GetDependencies(outputs).Select(column => column.Index).ToHashSet();
        Inputs = [.. inputSchema.Where(column => !column.IsHidden).Select((column, i) => new ScoringInput(column, i, required.Contains(column.Index)))];
        Outputs = [.. outputs.Select((column, i) => new ScoringOutput(column, i))];
        (Features, FeatureRanges) = NetworkFeatures.Of(model, inputSchema, OutputSchema);
        _inputs = Inputs.ToFrozenDictionary(input => input.Name, input => input.Index, StringComparer.Ordinal);
        _outputs = Outputs.ToFrozenDictionary(output => output.Name, output => output.Index, StringComparer.Ordinal);
    }

    /// <summary>The columns that the model was made for.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>All columns that the pipeline makes of them.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The columns that rows may have, in the order of <see cref="InputSchema"/>.</summary>
    public IReadOnlyList<ScoringInput> Inputs { get; }

    /// <summary>The columns that are computed.</summary>
    public IReadOnlyList<ScoringOutput> Outputs { get; }

    /// <summary>
    /// The least and the greatest value, in the training rows, of each slot of the feature vector that the pipeline's network reads (of the last one, where
    /// there are several), for <see cref="ScoringRow.CountOutside"/>. Null if the model does not know them, or does not show that vector in its output.
    /// </summary>
    public FeatureRanges? FeatureRanges { get; }

    /// <summary>The column of that vector; null: there is none, or nothing is known of it.</summary>
    internal DataViewSchema.Column? Features { get; }

    /// <summary>A row for one caller at a time, to be filled, scored and read again and again.</summary>
    /// <remarks>It binds all transforms of the pipeline, as creating a prediction engine does: create it once and keep it.</remarks>
    public ScoringRow CreateRow() => new(this, _model.GetRowToRowMapper(InputSchema));

    /// <summary>The place of a column in <see cref="Inputs"/>, or -1.</summary>
    internal int InputIndex(string name) => _inputs.TryGetValue(name, out int index) ? index : -1;

    /// <summary>The place of a column in <see cref="Outputs"/>, or -1.</summary>
    internal int OutputIndex(string name) => _outputs.TryGetValue(name, out int index) ? index : -1;

    private static DataViewSchema.Column Find(DataViewSchema schema, string name, string parameter) => schema.GetColumnOrNull(name)
        ?? throw new ArgumentException(
            $"The pipeline makes no column '{name}'. The columns are {ColumnNames.List(schema.Select(column => column.Name))}.", parameter);

    /// <summary>The columns that it takes and gives.</summary>
    public override string ToString() =>
        $"{ColumnNames.List(Inputs.Where(input => input.IsRequired).Select(input => input.Name))} to {ColumnNames.List(Outputs.Select(output => output.Name))}";
}
