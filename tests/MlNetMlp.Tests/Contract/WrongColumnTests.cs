using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>Columns that are missing or of the wrong type: refused before training, by the promise and by the training alike.</summary>
public sealed class WrongColumnTests
{
    /// <summary>Name of the case, columns in the place of the right ones, what the message must say.</summary>
    public static TheoryData<string, string, string[]> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string[]>();
            foreach (string task in new[] { "binary", "multiclass", "regression" })
            {
                cases.Add(task, "no features", ["'Features'", "missing", "'Label'"]);
                cases.Add(task, "scalar features", ["'Features'", "is Single", "Concatenate"]);
                cases.Add(task, "features of unknown size", ["'Features'", "of unknown size"]);
                cases.Add(task, "features of Double", ["'Features'", "Vector<Double>", "ConvertType", "DataKind.Single"]);
                cases.Add(task, "features of text", ["'Features'", "String", "FeaturizeText"]);
                cases.Add(task, "features of a key", ["'Features'", "Key<UInt32>", "OneHotEncoding"]);
                cases.Add(task, "no label", ["'Label'", "missing"]);
                cases.Add(task, "no weight", ["'Missing'", "missing"]);
                cases.Add(task, "weight of Double", ["'Weight'", "is Double", "ConvertType"]);
                cases.Add(task, "vector of weights", ["'Weight'", "Vector<Single>"]);
            }

            cases.Add("binary", "label of Single", ["'Label'", "is Single", "Boolean", "ConvertType", "DataKind.Boolean"]);
            cases.Add("binary", "label of text", ["'Label'", "is String", "Boolean", "MapValue"]);
            cases.Add("binary", "label of a key", ["'Label'", "is Key<UInt32>", "MulticlassClassification"]);
            cases.Add("binary", "vector of labels", ["'Label'", "is Vector<Single>", "one value"]);
            cases.Add("multiclass", "label of Single", ["'Label'", "is Single", "MapValueToKey(\"Label\")"]);
            cases.Add("multiclass", "label of text", ["'Label'", "is String", "MapValueToKey(\"Label\")"]);
            cases.Add("multiclass", "label of Boolean", ["'Label'", "is Boolean", "MapValueToKey(\"Label\")"]);
            cases.Add("multiclass", "label of a key of bytes", ["'Label'", "is Key<Byte>", "ConvertType"]);
            cases.Add("multiclass", "vector of labels", ["'Label'", "is Vector<Single>", "one value"]);
            cases.Add("regression", "label of Double", ["'Label'", "is Double", "ConvertType", "DataKind.Single"]);
            cases.Add("regression", "label of text", ["'Label'", "is String", "ConvertType"]);
            cases.Add("regression", "label of a key", ["'Label'", "is Key<UInt32>", "MapKeyToValue(\"Label\")"]);
            cases.Add("regression", "label of unknown size", ["'Label'", "of unknown size", "VectorType"]);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WrongColumn_IsRefusedByPromiseAndTraining(string task, string what, string[] message)
    {
        TrainerCase trainer = TrainerCase.Of(task);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1), options => what switch
        {
            "no weight" => options with { ExampleWeightColumnName = "Missing" },
            _ when what.Contains("weight", StringComparison.Ordinal) => options with { ExampleWeightColumnName = "Weight" },
            _ => options,
        });
        RowsView data = Spoil(trainer.Data, what);

        string promised = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema))).Message;
        string fitted = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message;
        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Right(trainer), data));

        Assert.All(message, part => Assert.Contains(part, promised, StringComparison.Ordinal));
        Assert.All(message, part => Assert.Contains(part, fitted, StringComparison.Ordinal));
        Assert.Empty(data.Requests);
    }

    [Fact]
    public void KeyWithRoomForEveryNumber_IsRefusedByTraining()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView data = trainer.Data.With(ViewColumn.Of("Label", new KeyDataViewType(typeof(uint), uint.MaxValue), row => (uint)row + 1));

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Create(new MLContext(1)).Fit(data)).Message;

        Assert.Contains("4294967295", message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey(\"Label\")", message, StringComparison.Ordinal);
    }

    /// <summary>Training rows that fit even where the options ask for a weight that only the right data has.</summary>
    private static RowsView Right(TrainerCase trainer) => trainer.Data.With(ViewColumn.Number("Missing", _ => 1));

    private static RowsView Spoil(RowsView view, string what) => what switch
    {
        "no features" => view.Without("Features"),
        "scalar features" => view.With(ViewColumn.Number("Features", _ => 1)),
        "features of unknown size" => view.With(Vectors("Features", NumberDataViewType.Single, 0, 1f)),
        "features of Double" => view.With(Vectors("Features", NumberDataViewType.Double, 4, 1d)),
        "features of text" => view.With(ViewColumn.Text("Features", _ => "x")),
        "features of a key" => view.With(ViewColumn.Key("Features", 3, _ => 1)),
        "no label" => view.Without("Label"),
        "no weight" => view,
        "weight of Double" => view.With(ViewColumn.Of("Weight", NumberDataViewType.Double, _ => 1d)),
        "vector of weights" => view.With(ViewColumn.Vector("Weight", 2, _ => [1, 1])),
        "label of Single" => view.With(ViewColumn.Number("Label", row => row % 2)),
        "label of Double" => view.With(ViewColumn.Of("Label", NumberDataViewType.Double, _ => 1d)),
        "label of text" => view.With(ViewColumn.Text("Label", _ => "x")),
        "label of Boolean" => view.With(ViewColumn.Boolean("Label", row => row % 2 == 0)),
        "label of a key" => view.With(ViewColumn.Key("Label", 3, _ => 1)),
        "label of a key of bytes" => view.With(ViewColumn.Of("Label", new KeyDataViewType(typeof(byte), 3), _ => (byte)1)),
        "vector of labels" => view.With(ViewColumn.Vector("Label", 2, _ => [1, 1])),
        "label of unknown size" => view.With(Vectors("Label", NumberDataViewType.Single, 0, 1f)),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such case."),
    };

    private static ViewColumn Vectors<T>(string name, PrimitiveDataViewType item, int size, T value) =>
        ViewColumn.Of(name, new VectorDataViewType(item, size), _ => new VBuffer<T>(4, [value, value, value, value]));
}
