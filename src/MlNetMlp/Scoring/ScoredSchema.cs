using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>A transformer bound to the columns of one input: the columns of the output, those of the input first, in their order.</summary>
internal sealed class ScoredSchema
{
    private readonly IReadOnlyList<ScoreColumn> _added;

    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or has another type than in training.</exception>
    public ScoredSchema(
        IHostEnvironment environment, DataViewSchema inputSchema, MlpModelParameters model, string featureColumnName, VectorDataViewType featureColumnType)
    {
        Environment = environment;
        InputSchema = inputSchema;
        Model = model.Network;
        Features = FindFeatures(inputSchema, featureColumnName, featureColumnType);
        Scorer = new PlainScorer(Model);
        _added = model.Task.OutputColumns(Model.OutputCount, model.IsVector, model.LabelNames);
        if (model.MonteCarloDropout is { } passes)
        {
            Uncertainty = new UncertaintyScorer(Model, passes);
            _added = UncertaintyColumns.Append(_added, Model.OutputCount);
        }

        uint setId = checked(ScoreColumn.HighestSetId(inputSchema) + 1);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        foreach (ScoreColumn column in _added)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations(setId));
        }

        OutputSchema = builder.ToSchema();
    }

    /// <summary>The name of the column that the graph of a network calls <paramref name="output"/>.</summary>
    public string NameOf(string output) => _added is [{ } only] ? only.Name : output;

    /// <summary>The environment that scoring works in, and is cancelled with.</summary>
    public IHostEnvironment Environment { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The feature column of the input.</summary>
    public DataViewSchema.Column Features { get; }

    public MlpModel Model { get; }

    /// <summary>What computes the scores.</summary>
    public IScorer Scorer { get; }

    /// <summary>What computes means and standard deviations; null if there are no such columns.</summary>
    public IScorer? Uncertainty { get; }

    /// <summary>Which columns of the output are asked for, by their index.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            if ((uint)column.Index >= (uint)active.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(columns), column.Name, $"The column '{column.Name}' is not one of this schema.");
            }

            active[column.Index] = true;
        }

        return active;
    }

    /// <summary>True if a column that the network computes is asked for.</summary>
    public bool NeedsScores(bool[] active) => active.AsSpan(InputSchema.Count).Contains(true);

    /// <summary>The columns of the input that are needed for the columns asked for.</summary>
    public IEnumerable<DataViewSchema.Column> InputColumns(bool[] active)
    {
        bool needsScores = NeedsScores(active);
        return InputSchema.Where(column => active[column.Index] || (needsScores && column.Index == Features.Index));
    }

    /// <summary>The getter of an added column.</summary>
    /// <param name="outputIndex">The column's index in the output.</param>
    /// <param name="scores">What <see cref="Scorer"/> computes for the row.</param>
    /// <param name="uncertainty">What <see cref="Uncertainty"/> computes for it; null if there are no such columns.</param>
    public Delegate CreateGetter(int outputIndex, IScores scores, IScores? uncertainty)
    {
        ScoreColumn column = _added[outputIndex - InputSchema.Count];
        return column.CreateGetter(column.IsUncertainty ? uncertainty! : scores);
    }

    /// <summary>True if the column of the output is one of the input's, under the same index.</summary>
    public bool IsFromInput(int outputIndex) => outputIndex < InputSchema.Count;

    public static ValueGetter<T> Typed<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException(
            $"The values of column '{column.Name}' are of type {column.Type.RawType}; a getter of {typeof(T)} was asked for.");

    public static void CheckActive(bool[] active, DataViewSchema.Column column)
    {
        if ((uint)column.Index >= (uint)active.Length || !active[column.Index])
        {
            throw new InvalidOperationException($"The column '{column.Name}' is not active; ask for it when the cursor is made.");
        }
    }

    private static DataViewSchema.Column FindFeatures(DataViewSchema inputSchema, string name, VectorDataViewType expected)
    {
        DataViewSchema.Column column = inputSchema.GetColumnOrNull(name)
            ?? throw new ArgumentOutOfRangeException(nameof(inputSchema), name,
                $"The feature column '{name}' is missing. The columns are {ColumnNames.List(inputSchema.Select(c => c.Name))}.");
        return column.Type is VectorDataViewType type && type.Size == expected.Size && type.ItemType.Equals(expected.ItemType)
            ? column
            : throw new ArgumentOutOfRangeException(nameof(inputSchema), name,
                $"The feature column '{name}' is {column.Type}; the network was trained on {expected}.");
    }
}
