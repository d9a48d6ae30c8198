using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Peers;

/// <summary>Files of scored rows and of models, and models upon models, with our trainers and ML.NET's in the same places.</summary>
[Trait("Needs", "x64")]
public sealed class PeerFileTests
{
    private readonly MLContext _context = new(1);

    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void SaveAsBinary_ScoredRows_ReadBackWithTheirAnnotations(string task, string name)
    {
        IDataView scored = PeerPipeline.Of(task, name).Scored(_context);

        WithFile(stream => _context.Data.SaveAsBinary(scored, stream), path =>
        {
            IDataView read = _context.Data.LoadFromBinary(path);
            DataViewSchema.Column[] visible = [.. scored.Schema.Where(column => !column.IsHidden)];
            SchemaAssert.SameSchema(SchemaOf(visible), read.Schema);
            string[] names = [.. visible.Select(column => column.Name)];
            Assert.Equal(RowValues.ReadAll(scored, names).Values, RowValues.ReadAll(read, names).Values);
        });
    }

    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void SaveAsBinary_ScoredRows_AreEvaluatedAsBefore(string task, string name)
    {
        IDataView scored = PeerPipeline.Of(task, name).Scored(_context);

        WithFile(stream => _context.Data.SaveAsBinary(scored, stream), path => Assert.Equal(Metric(scored), Metric(_context.Data.LoadFromBinary(path))));

        double Metric(IDataView view) => task switch
        {
            "binary" => _context.BinaryClassification.EvaluateNonCalibrated(view).AreaUnderRocCurve,
            "multiclass" => _context.MulticlassClassification.Evaluate(view).LogLoss,
            _ => _context.Regression.Evaluate(view).MeanSquaredError,
        };
    }

    [Theory]
    [MemberData(nameof(PeerTrainer.OursAndTheirs), MemberType = typeof(PeerTrainer))]
    public void Model_LoadedAsAFile_GivesTheSameRowsInAViewAndInAnEngine(string task, string name)
    {
        ITransformer model = PeerPipeline.Of(task, name).Model;
        IDataView rows = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        string[] columns = task == "regression" ? ["Score"] : ["PredictedLabel", "Score"];

        WithFile(stream => _context.Model.Save(model, rows.Schema, stream), path =>
        {
            ITransformer loaded = new MLContext(2).Model.Load(path, out DataViewSchema inputSchema);
            SchemaAssert.SameSchema(rows.Schema, inputSchema);
            Assert.Equal(RowValues.ReadAll(model.Transform(rows), columns), RowValues.ReadAll(loaded.Transform(rows), columns));
            IEnumerable<float> engine = task == "multiclass"
                ? Predict<Scores>(loaded).SelectMany(prediction => prediction.Score)
                : Predict<OneScore>(loaded).Select(prediction => prediction.Score);
            Assert.Equal(RowValues.Scores(_context.Transforms.SelectColumns("Score").Fit(model.Transform(rows)).Transform(model.Transform(rows))), engine);
        });
    }

    /// <summary>The probabilities of one model are features of the next, whichever of them is ours.</summary>
    [Theory]
    [InlineData("LightGbmMulticlass", "Mlp")]
    [InlineData("Mlp", "LightGbmMulticlass")]
    [InlineData("Mlp", "SdcaMaximumEntropy")]
    [InlineData("Mlp", "Mlp")]
    public void Models_UponModels_AreTrainedSavedAndLoaded(string first, string second)
    {
        IDataView data = _context.Data.LoadFromEnumerable(PeerPipeline.TrainingRows), test = _context.Data.LoadFromEnumerable(PeerPipeline.TestRows);
        var pipeline = PeerPipeline.Of("multiclass", first).Create(_context)
            .Append(_context.Transforms.Concatenate("Features", "Features", "Score"))
            .AppendCacheCheckpoint(_context)
            .Append(PeerTrainer.Of("multiclass", second).Create(_context))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Kind", "PredictedLabel"));

        var model = pipeline.Fit(data);

        IDataView scored = model.Transform(test);
        string[] before = SchemaAssert.Texts(PeerPipeline.Of("multiclass", first).Scored(_context).Schema["Features"], "SlotNames");
        string[] kinds = SchemaAssert.Texts(scored.Schema["Label"], "KeyValues");
        Assert.Equal(
            [.. before.Select(slot => slot.Length > 0 ? "Features." + slot : ""), .. kinds.Select(kind => "Score." + kind)],
            SchemaAssert.Texts(scored.Schema["Features"], "SlotNames"));
        Assert.True(_context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.85);
        Assert.Equal(2u, SchemaAssert.SetId(scored.Schema["Score"]));
        IDataView again = ModelFiles.Load(ModelFiles.Save(model, data.Schema)).Transform(test);
        Assert.Equal(RowValues.ReadAll(scored, "Score", "Kind"), RowValues.ReadAll(again, "Score", "Kind"));
    }

    private IEnumerable<TPrediction> Predict<TPrediction>(ITransformer model)
        where TPrediction : class, new()
    {
        using PredictionEngine<MixedRow, TPrediction> engine = _context.Model.CreatePredictionEngine<MixedRow, TPrediction>(model);
        return [.. PeerPipeline.TestRows.Select(row => engine.Predict(row))];
    }

    private static DataViewSchema SchemaOf(IEnumerable<DataViewSchema.Column> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in columns)
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return builder.ToSchema();
    }

    private static void WithFile(Action<Stream> write, Action<string> read)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.Create(path))
            {
                write(stream);
            }

            read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class OneScore
    {
        public float Score { get; set; }
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
