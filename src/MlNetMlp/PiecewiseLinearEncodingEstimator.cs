using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>
/// Encodes every number of a vector piecewise-linearly, in bins that end at quantiles of the rows: what helps a network helps a linear model, too.
/// </summary>
/// <remarks>
/// Made by <c>mlContext.Transforms.PiecewiseLinearEncoding</c>. For every number there are the standardized value, and for every bin between b and c the share
/// <c>min(max((x - b) / (c - b), 0), 1)</c> of it that lies below the number (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in Tabular
/// Deep Learning, 2022); 0 or 1 for slots that are nothing else, and for a number that may be missing a slot that says whether it is. The transformer is saved
/// with the pipeline and becomes a part of an ONNX file. Slots have the name of the number and of their place, such as <c>Age.3</c>.
/// </remarks>
public sealed class PiecewiseLinearEncodingEstimator : IEstimator<MlpPredictionTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly NumericEmbedding _bins;

    internal PiecewiseLinearEncodingEstimator(IHostEnvironment environment, string outputColumnName, string? inputColumnName, int bins)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        _environment = environment;
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _bins = NumericEmbedding.PiecewiseLinear(bins);
    }

    /// <summary>Reads the rows once, for the ends of bins.</summary>
    /// <param name="input">Rows with the column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or no vector of Single of known size.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <exception cref="InvalidFeatureException">A number is infinite.</exception>
    public MlpPredictionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = FeatureColumns.Find(input.Schema, _inputColumnName);
        int size = ((VectorDataViewType)column.Type).Size;
        using RowStore rows = RowStorage.Automatic().CreateStore(size, 1);
        using (DataViewRowCursor cursor = input.GetRowCursor([column]))
        {
            var reading = new VectorReading(cursor, column, size);
            float[] values = new float[size];
            while (cursor.MoveNext())
            {
                HostCancellation.ThrowIfCancelled(_environment);
                reading.Read(values);
                rows.Add(values, [0]);
            }
        }

        MlpModel encoding = MlpTrainer.Prepare(new TrainingTask(new MlpArchitecture(size, 1), new SquaredError(), rows.Rows)
        {
            Options = new() { NumericEmbedding = _bins, FeatureScaling = FeatureScaling.StandardizeNumbers, MissingIndicators = true },
        });
        return FeatureColumns.Transformer(_environment, input.Schema, encoding, layer: 0, networks: 1, _outputColumnName, _inputColumnName);
    }

    /// <summary>The columns that the transformer will make of an input with these columns.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or no vector of Single of known size.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return FeatureColumns.Extend(inputSchema, _outputColumnName, _inputColumnName);
    }

    /// <summary>The columns and the encoding.</summary>
    public override string ToString() => $"'{_outputColumnName}' of '{_inputColumnName}' by {_bins}";
}
