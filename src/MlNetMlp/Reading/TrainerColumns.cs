using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>The columns that a trainer reads, and the checks of their types.</summary>
internal sealed class TrainerColumns(MlpTrainerOptions options, MlpTask task)
{
    private static readonly string _features = "the features must be a Vector<Single> of known size";

    /// <summary>Checks promised columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public void Check(SchemaShape schema) => Check(
        name => SchemaShapes.Find(schema, name) is { } column ? ColumnShape.Of(column) : null, schema.Select(column => column.Name), "inputSchema",
        isTraining: true);

    /// <summary>Checks the columns of data.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="parameter">The name of the argument that has them.</param>
    /// <param name="isTraining">Whether they are to be learned from, so that those which choose rows for validation are needed, too.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public void Check(DataViewSchema schema, string parameter, bool isTraining = true)
    {
        Check(
            name => schema.GetColumnOrNull(name) is { } column ? ColumnShape.Of(column) : null, schema.Select(column => column.Name), parameter, isTraining);
        if (task.SizeProblem(Label(schema)) is { } problem)
        {
            throw Refuse("label", Label(schema).Name, problem, parameter);
        }
    }

    public DataViewSchema.Column Label(DataViewSchema schema) => schema[options.LabelColumnName];

    public DataViewSchema.Column Features(DataViewSchema schema) => schema[options.FeatureColumnName];

    public DataViewSchema.Column? Weight(DataViewSchema schema) =>
        options.ExampleWeightColumnName is { } name ? schema[name] : null;

    private void Check(Func<string, ColumnShape?> find, IEnumerable<string> names, string parameter, bool isTraining)
    {
        Check("feature", options.FeatureColumnName, FeatureProblem);
        Check("label", options.LabelColumnName, task.LabelProblem);
        CheckIfNamed("example weight", options.ExampleWeightColumnName, WeightProblem);
        if (isTraining)
        {
            CheckIfNamed("validation", options.ValidationColumnName, ValidationProblem);
            CheckIfNamed("group", options.GroupColumnName, GroupProblem);
            CheckIfNamed("time", options.TimeColumnName, TimeProblem);
        }

        void CheckIfNamed(string role, string? name, Func<ColumnShape, string?> problem)
        {
            if (name is not null)
            {
                Check(role, name, problem);
            }
        }

        void Check(string role, string name, Func<ColumnShape, string?> problem)
        {
            ColumnShape column = find(name) ?? throw Refuse(role, name, $"it is missing; the columns are {ColumnNames.List(names)}", parameter);
            if (problem(column) is { } text)
            {
                throw Refuse(role, name, $"it is {column.TypeName}, but {text}", parameter);
            }
        }
    }

    /// <summary>What is wrong with a feature column and which transform mends it; null if nothing is.</summary>
    public static string? FeatureProblem(ColumnShape features) => features switch
    {
        { IsVector: true, IsKey: false } when features.ItemType == typeof(float) => null,
        { IsScalar: true, IsKey: false } when features.ItemType == typeof(float) =>
            $"{_features}: append mlContext.Transforms.Concatenate(\"Features\", \"{features.Name}\"), with the other feature columns behind it",
        { IsVectorOfUnknownSize: true, IsKey: false } when features.ItemType == typeof(float) =>
            $"{_features}: give the vector a size, for example with [VectorType(4)] on the property, or make it with " +
            "mlContext.Transforms.Concatenate of known columns",
        { IsKey: true } =>
            $"{_features}: append mlContext.Transforms.Categorical.OneHotEncoding or mlContext.Transforms.Conversion.MapKeyToVector(\"{features.Name}\")",
        { IsText: true } =>
            $"{_features}: append mlContext.Transforms.Text.FeaturizeText or mlContext.Transforms.Categorical.OneHotEncoding(\"{features.Name}\")",
        _ => $"{_features}: {features.AdviceToConvert(DataKind.Single)}",
    };

    private static string? WeightProblem(ColumnShape weight) => weight.IsScalarOf(typeof(float))
        ? null
        : $"example weights must be Single: {weight.AdviceToConvert(DataKind.Single)}";

    private static string? ValidationProblem(ColumnShape validation) => validation.IsScalarOf(typeof(bool))
        ? null
        : $"what says which rows are to validate on must be Boolean: {validation.AdviceToConvert(DataKind.Boolean)}";

    private static string? GroupProblem(ColumnShape group) => group.IsScalar && ScalarReading.Reads(group.ItemType)
        ? null
        : "groups must be a key, a number, a text, a Boolean or a time, one for each row";

    private static string? TimeProblem(ColumnShape time) => time is { IsScalar: true, IsKey: false } && ScalarReading.Orders(time.ItemType)
        ? null
        : "times must be numbers or dates, one for each row";

    private static ArgumentOutOfRangeException Refuse(string role, string name, string what, string parameter) =>
        new(parameter, $"The {role} column '{name}' does not fit: {what}.");
}
