using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp;

/// <summary>The columns of a transform that makes features of features.</summary>
internal static class FeatureColumns
{
    /// <param name="environment">Where the transformer works.</param>
    /// <param name="schema">The columns of the rows.</param>
    /// <param name="network">The network whose scores are the features.</param>
    /// <param name="layer">The layer that they come from.</param>
    /// <param name="networks">How many networks were trained.</param>
    /// <param name="outputColumnName">The column to add.</param>
    /// <param name="featureColumnName">The column that the network takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single with as many slots as the network has features.</exception>
    public static MlpPredictionTransformer Transformer(
        IHostEnvironment environment, DataViewSchema schema, MlpModel network, int layer, int networks, string outputColumnName, string featureColumnName)
    {
        DataViewSchema.Column column = Find(schema, featureColumnName);
        var type = (VectorDataViewType)column.Type;
        if (type.Size != network.FeatureCount)
        {
            throw new ArgumentOutOfRangeException(nameof(schema),
                $"The column '{featureColumnName}' has {type.Size} slots; the network takes {network.FeatureCount} features.");
        }

        string[] own = layer == 0 ? InputNames(column, type.Size, network) : UnitNames(layer, network.OutputCount, networks);
        LabelNames names = LabelNames.Of(own);
        var model = new MlpModelParameters(new FeaturesTask(outputColumnName), network, isVector: true, names, training: null, monteCarloDropout: null);
        return new(environment, model, featureColumnName, type);
    }

    /// <summary>A column of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no vector of Single of known size.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw Missing(name, schema.Select(column => column.Name), "input");
        Check(ColumnShape.Of(column), "input");
        return column;
    }

    /// <summary>The columns that are promised.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static SchemaShape Extend(SchemaShape schema, string outputColumnName, string featureColumnName)
    {
        SchemaShape.Column column = SchemaShapes.Find(schema, featureColumnName)
            ?? throw Missing(featureColumnName, schema.Select(column => column.Name), "inputSchema");
        Check(ColumnShape.Of(column), "inputSchema");
        return SchemaShapes.Extend(schema, new FeaturesTask(outputColumnName).OutputShapes(column));
    }

    private static string[] UnitNames(int layer, int outputs, int networks) =>
    [
        .. from network in Enumerable.Range(1, networks)
           from unit in Enumerable.Range(0, outputs / networks)
           select FormattableString.Invariant($"{(networks > 1 ? FormattableString.Invariant($"Network{network}.") : "")}Hidden{layer}.{unit}"),
    ];

    /// <summary>The name of a feature is that of its slot; where the network changes what a column belongs to, there is only its number.</summary>
    private static string[] InputNames(DataViewSchema.Column column, int size, MlpModel network)
    {
        MlpArchitecture architecture = network.Architecture;
        LabelNames? known = LabelNames.Find(column, AnnotationKinds.SlotNames, size);
        bool isFeature = architecture is { Whitening: null, Categories: null };
        int[] features = isFeature ? architecture.ColumnFeatures() ?? [.. Enumerable.Range(0, size)] : [.. Enumerable.Range(0, network.OutputCount)];
        int[] counts = new int[Math.Max(size, network.OutputCount)];

        // Of several networks, one behind the other.
        return Array.ConvertAll([.. Enumerable.Range(0, network.OutputCount).Select(i => features[i % features.Length])], feature =>
        {
            string name = isFeature && known?.Texts[feature] is { Length: > 0 } text ? text : FormattableString.Invariant($"{column.Name}{feature}");
            return FormattableString.Invariant($"{name}.{counts[feature]++}");
        });
    }

    private static void Check(ColumnShape column, string parameter)
    {
        if (TrainerColumns.FeatureProblem(column) is { } problem)
        {
            throw new ArgumentOutOfRangeException(parameter, $"The column '{column.Name}' does not fit: it is {column.TypeName}, but {problem}.");
        }
    }

    private static ArgumentOutOfRangeException Missing(string name, IEnumerable<string> names, string parameter) =>
        new(parameter, $"The column '{name}' is missing; the columns are {ColumnNames.List(names)}.");
}
