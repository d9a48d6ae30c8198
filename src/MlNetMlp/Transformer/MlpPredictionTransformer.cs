using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>Adds the predictions of a trained network to the rows of a data view. Immutable; any number of threads may use one instance.</summary>
/// <remarks>
/// Cursors read and score rows in blocks, which is faster and gives the same bits as row after row. The added columns are described
/// by <see cref="MlpBinaryTrainer"/>, <see cref="MlpMulticlassTrainer"/> and <see cref="MlpRegressionTrainer"/>. A feature that the
/// options of the training refuse (an infinite one, by default) throws <see cref="InvalidOperationException"/> from the getters of
/// these columns, with the number of the row and the name of the column.
/// </remarks>
/// <example>
/// <code>
/// MlpPredictionTransformer fitted = trainer.Fit(trainData);
/// Console.WriteLine(fitted.Summary());
/// fitted.Model.Training!.History.SaveSvg("curves.svg");
/// IDataView predictions = fitted.Transform(testData);
/// </code>
/// </example>
public sealed partial class MlpPredictionTransformer : ISingleFeaturePredictionTransformer<MlpModelParameters>
{
    private readonly IHostEnvironment _environment;
    private readonly VectorDataViewType _featureColumnType;

    internal MlpPredictionTransformer(
        IHostEnvironment environment, MlpModelParameters model, string featureColumnName, VectorDataViewType featureColumnType)
    {
        _environment = environment;
        Model = model;
        FeatureColumnName = featureColumnName;
        _featureColumnType = featureColumnType;
    }

    /// <summary>The trained network.</summary>
    public MlpModelParameters Model { get; }

    /// <summary>The name of the feature column.</summary>
    public string FeatureColumnName { get; }

    /// <summary>The type of the feature column, a vector of Single.</summary>
    public DataViewType FeatureColumnType => _featureColumnType;

    /// <summary>True: every row is scored on its own.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The columns that <see cref="Transform"/> makes of an input with these columns.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or has another type than in training.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>The rows of <paramref name="input"/> with the predictions added; nothing is computed before a cursor asks for it.</summary>
    /// <param name="input">The rows to predict for.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or has another type than in training.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScoredView(input, Bind(input.Schema), this);
    }

    /// <summary>Maps single rows to their predictions; prediction engines use it.</summary>
    /// <param name="inputSchema">The columns of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or has another type than in training.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new ScoredRowMapper(Bind(inputSchema));

    /// <inheritdoc cref="MlpModelParameters.Summary"/>
    public ModelSummary Summary() => Model.Summary();

    private ScoredSchema Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ScoredSchema(_environment, inputSchema, Model, FeatureColumnName, _featureColumnType);
    }

    /// <summary>The network and the column of its features.</summary>
    public override string ToString() => $"{Model}, features from '{FeatureColumnName}'";
}
