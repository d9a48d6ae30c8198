using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>Puts a network that is there already, such as one from an ONNX file, into a pipeline: nothing is trained.</summary>
/// <remarks>
/// Made by <c>ApplyMlp</c> in the catalogs of the three tasks. <see cref="Fit"/> looks at the columns and reads no row. The transformer is like one of a
/// training: it adds the columns of <see cref="MlpBinaryTrainer"/>, <see cref="MlpMulticlassTrainer"/> or <see cref="MlpRegressionTrainer"/>, is saved with
/// the pipeline, and its <see cref="MlpPredictionTransformer.Model"/> can be trained further by a trainer whose options have the hidden layers
/// of the network's <see cref="MlpArchitecture.HiddenLayers"/> and its loss.
/// </remarks>
public sealed class MlpScoringEstimator : IEstimator<MlpPredictionTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly MlpModelParameters _model;
    private readonly string _featureColumnName;

    internal MlpScoringEstimator(
        IHostEnvironment environment, MlpTask task, MlpModel network, IReadOnlyList<string>? outputNames, string featureColumnName)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        if (!task.Takes(network.Loss))
        {
            throw new ArgumentException(
                $"The network has the loss {network.Loss}, which is not one for {task.Name}; where it comes from an ONNX file, OnnxModel.Load can be told "
                + "what its outputs mean.", nameof(network));
        }

        if (outputNames is not null && outputNames.Count != network.OutputCount)
        {
            throw new ArgumentException($"There are {outputNames.Count} names for the {network.OutputCount} outputs of the network.", nameof(outputNames));
        }

        LabelNames? names = outputNames is null ? null : LabelNames.Of(outputNames);
        bool isVector = task == MlpTask.Multiclass || (task == MlpTask.Regression && network.OutputCount > 1);
        _environment = environment;
        _model = new MlpModelParameters(task, network, isVector, names, training: null, monteCarloDropout: null);
        _featureColumnName = featureColumnName;
    }

    /// <summary>The transformer for features of this type; no row is read.</summary>
    /// <param name="input">Rows with the feature column, or none; there need be no label.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The feature column is missing, or no vector of Single with as many slots as the network has features.
    /// </exception>
    public MlpPredictionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column features = input.Schema.GetColumnOrNull(_featureColumnName)
            ?? throw Missing(input.Schema.Select(column => column.Name), nameof(input));
        Check(ColumnShape.Of(features), nameof(input));
        var type = (VectorDataViewType)features.Type;
        return type.Size == _model.Network.FeatureCount
            ? new MlpPredictionTransformer(_environment, _model, _featureColumnName, type)
            : throw new ArgumentOutOfRangeException(nameof(input),
                $"The feature column '{_featureColumnName}' has {type.Size} slots; the network takes {_model.Network.FeatureCount} features.");
    }

    /// <summary>The columns that the transformer will make of an input with these columns.</summary>
    /// <param name="inputSchema">The columns of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The feature column is missing or no vector of Single.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column features = SchemaShapes.Find(inputSchema, _featureColumnName)
            ?? throw Missing(inputSchema.Select(column => column.Name), nameof(inputSchema));
        Check(ColumnShape.Of(features), nameof(inputSchema));
        return SchemaShapes.Extend(inputSchema, _model.Task.OutputShapes(_model.Task.LabelShape(_model.IsVector, _model.LabelNames is not null)));
    }

    /// <summary>The task and the network, for example <c>binary classification by 4-8-1 with SigmoidCrossEntropy</c>.</summary>
    public override string ToString() => $"{_model.Task.Name} by {_model.Network.Architecture} with {_model.Network.Loss}";

    private void Check(ColumnShape features, string parameter)
    {
        if (TrainerColumns.FeatureProblem(features) is { } problem)
        {
            throw new ArgumentOutOfRangeException(parameter,
                $"The feature column '{_featureColumnName}' does not fit: it is {features.TypeName}, but {problem}.");
        }
    }

    private ArgumentOutOfRangeException Missing(IEnumerable<string> names, string parameter) =>
        new(parameter, $"The feature column '{_featureColumnName}' is missing; the columns are {ColumnNames.List(names)}.");
}
