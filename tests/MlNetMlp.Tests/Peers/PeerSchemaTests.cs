using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>Our output columns beside those of ML.NET's own trainers on the same data: same names, types, order and annotations.</summary>
[Trait("Needs", "x64")]
public sealed class PeerSchemaTests
{
    private static readonly Dictionary<string, Func<RowsView, RowsView>> _inputs = new()
    {
        ["as it is"] = view => view,
        ["without names of classes"] = view => view.With(ViewColumn.Key("Label", 3, row => (uint)TrainerCase.ClassOf(row) + 1)),
        ["classes are numbers"] = view => view.With(
            ViewColumn.Of("Label", new KeyDataViewType(typeof(uint), 3), row => (uint)TrainerCase.ClassOf(row) + 1, KeyValues)),
        ["a class that no row has"] = view => view.With(ViewColumn.Key("Label", 4, row => (uint)TrainerCase.ClassOf(row) + 1, "ash", "birch", "cedar", "oak")),
        ["a column Score"] = view => view.With(ViewColumn.Text("Score", _ => "not a score")),
        ["columns of an earlier scorer"] = view => view.With(
            ViewColumn.Of("Score", NumberDataViewType.Single, _ => 1f, EarlierScore), ViewColumn.Boolean("PredictedLabel", _ => true)),
        ["names of slots"] = view => view.With(ViewColumn.Vector("Features", TrainerCase.FeatureCount, TrainerCase.FeaturesOf, "a", "b", "c", "d")),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (object[] peer in (IEnumerable<object[]>)PeerTrainer.All)
            {
                bool isMulticlass = PeerTrainer.Of((string)peer[0]).Task == "multiclass";
                foreach (string input in _inputs.Keys.Where(input => isMulticlass || !input.Contains("class", StringComparison.Ordinal)))
                {
                    data.Add((string)peer[0], input);
                }
            }

            return data;
        }
    }

    private static DataViewSchema.Annotations KeyValues
    {
        get
        {
            var builder = new DataViewSchema.Annotations.Builder();
            var type = new VectorDataViewType(NumberDataViewType.Single, 3);
            builder.Add<VBuffer<float>>("KeyValues", type, (ref VBuffer<float> value) => value = new VBuffer<float>(3, [5, 7.5f, 9]));
            return builder.ToAnnotations();
        }
    }

    /// <summary>What a scorer before ours would have left: the columns' set has the number 5.</summary>
    private static DataViewSchema.Annotations EarlierScore
    {
        get
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.AddPrimitiveValue("ScoreColumnSetId", new KeyDataViewType(typeof(uint), int.MaxValue), 5u);
            return builder.ToAnnotations();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trainers_OnTheSameRows_AddTheSameColumnsAndPromiseThem(string peerName, string input)
    {
        PeerTrainer peer = PeerTrainer.Of(peerName);
        RowsView data = _inputs[input](TrainerCase.Of(peer.Task).Data);
        SchemaShape shape = SchemaAssert.ShapeOf(data.Schema);
        IEstimator<ITransformer> theirs = peer.Create(new MLContext(1));
        MlpTrainerBase ours = TrainerCase.Of(peer.Task).Create(new MLContext(1));

        DataViewSchema expected = theirs.Fit(data).GetOutputSchema(data.Schema), actual = ours.Fit(data).GetOutputSchema(data.Schema);

        string[] more = MoreThan(peer);
        if (actual.All(column => !column.IsHidden))
        {
            SchemaAssert.SameSchema(expected, Without(actual, more));
        }
        else
        {
            // ML.NET's scorers put a column right behind the one that it hides; ours come last, in their order. Columns are found by name.
            SchemaAssert.SameSchema(ByName(expected), ByName(Without(actual, more)));
            Assert.Equal(data.Schema.Select(column => column.Name), actual.Take(data.Schema.Count).Select(column => column.Name));
        }

        SchemaAssert.SameShape(theirs.GetOutputSchema(shape), Without(ours.GetOutputSchema(shape), more));
        SchemaAssert.SameShape(ours.GetOutputSchema(shape), SchemaAssert.ShapeOf(actual));
    }

    [Theory]
    [MemberData(nameof(PeerTrainer.All), MemberType = typeof(PeerTrainer))]
    public void Pipelines_FittedAndLoaded_HaveTheSameColumns(string peerName)
    {
        PeerTrainer peer = PeerTrainer.Of(peerName);
        var context = new MLContext(1);
        IDataView rows = context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        ITransformer theirs = PeerPipeline.Of(peer.Task, peer.Name).Model, ours = PeerPipeline.Of(peer.Task, "Mlp").Model;

        SchemaAssert.SameSchema(theirs.GetOutputSchema(rows.Schema), Without(ours.GetOutputSchema(rows.Schema), MoreThan(peer)));
        SchemaAssert.SameSchema(ours.GetOutputSchema(rows.Schema), ModelFiles.Load(ModelFiles.Save(ours)).GetOutputSchema(rows.Schema));
        SchemaAssert.SameSchema(theirs.GetOutputSchema(rows.Schema), ModelFiles.Load(ModelFiles.Save(theirs)).GetOutputSchema(rows.Schema));
    }

    [Theory]
    [MemberData(nameof(PeerTrainer.All), MemberType = typeof(PeerTrainer))]
    public void Trainers_OneAfterTheOther_CountTheirSetsTogether(string peerName)
    {
        PeerTrainer peer = PeerTrainer.Of(peerName);
        RowsView data = TrainerCase.Of(peer.Task).Data;
        ITransformer theirs = peer.Create(new MLContext(1)).Fit(data);
        MlpPredictionTransformer ours = TrainerCase.Of(peer.Task).Fit();

        DataViewSchema oursLast = ours.GetOutputSchema(theirs.GetOutputSchema(data.Schema));
        DataViewSchema theirsLast = theirs.GetOutputSchema(ours.GetOutputSchema(data.Schema));

        Assert.Equal((2u, 2u), (SchemaAssert.SetId(oursLast["Score"]), SchemaAssert.SetId(theirsLast["Score"])));
        Assert.Equal([1u, 2u], oursLast.Where(column => column.Name == "Score").Select(SchemaAssert.SetId));
        Assert.Equal([true, false], oursLast.Where(column => column.Name == "Score").Select(column => column.IsHidden));
    }

    /// <summary>A perceptron of ML.NET has no probabilities until a calibrator adds them; a network's scores are log-odds, so it has.</summary>
    private static string[] MoreThan(PeerTrainer peer) => peer.Name == "AveragedPerceptron" ? ["Probability"] : [];

    private static DataViewSchema Without(DataViewSchema schema, string[] names) => SchemaOf(schema.Where(column => !names.Contains(column.Name)));

    /// <summary>The same columns, in the order of their names; of one name, the hidden ones first.</summary>
    private static DataViewSchema ByName(DataViewSchema schema) => SchemaOf(schema.OrderBy(column => column.Name, StringComparer.Ordinal));

    private static DataViewSchema SchemaOf(IEnumerable<DataViewSchema.Column> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in columns)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return builder.ToSchema();
    }

    private static SchemaShape Without(SchemaShape shape, string[] names) => new(shape.Where(column => !names.Contains(column.Name)));
}
