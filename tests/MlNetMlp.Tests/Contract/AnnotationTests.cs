using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>The output columns: names, order, types, and the annotations by which evaluators and transforms find them.</summary>
public sealed class AnnotationTests
{
    [Fact]
    public void Binary_HasLabelScoreAndProbability()
    {
        DataViewSchema.Column[] added = Added("binary");

        Assert.Equal(["PredictedLabel: Boolean", "Score: Single", "Probability: Single"], added.Select(c => $"{c.Name}: {c.Type}"));
        Assert.All(added, column => Assert.Equal("BinaryClassification", SchemaAssert.Text(column, "ScoreColumnKind")));
        Assert.Equal(["PredictedLabel", "Score", "Probability"], added.Select(column => SchemaAssert.Text(column, "ScoreValueKind")));
        Assert.Equal([false, false, true], added.Select(column => column.IsNormalized()));
    }

    [Fact]
    public void Multiclass_HasKeyAndScoresWithNames()
    {
        DataViewSchema.Column[] added = Added("multiclass");
        var key = Assert.IsType<KeyDataViewType>(added[0].Type);
        string[] names = ["ash", "birch", "cedar"];

        Assert.Equal(["PredictedLabel", "Score"], added.Select(c => c.Name));
        Assert.Equal((typeof(uint), 3UL), (key.RawType, key.Count));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), added[1].Type);
        Assert.All(added, column => Assert.Equal("MulticlassClassification", SchemaAssert.Text(column, "ScoreColumnKind")));
        Assert.Equal(["PredictedLabel", "Score"], added.Select(column => SchemaAssert.Text(column, "ScoreValueKind")));
        Assert.Equal(names, SchemaAssert.Texts(added[0], "KeyValues"));
        Assert.Equal(names, SchemaAssert.Texts(added[1], "SlotNames"));
        Assert.Equal(names, SchemaAssert.Texts(added[1], "TrainingLabelValues"));
    }

    [Theory]
    [InlineData("binary, Monte-Carlo dropout", "Single", null)]
    [InlineData("multiclass, snapshots with uncertainty", "Vector<Single, 3>", "ash")]
    [InlineData("multi-output regression, bagging with uncertainty", "Vector<Single, 2>", "width")]
    public void Uncertainty_HasColumnsLikeScore(string name, string type, string? firstSlot)
    {
        DataViewSchema.Column[] added = Added(name);
        DataViewSchema.Column score = added.Single(column => column.Name == "Score");

        DataViewSchema.Column[] uncertain = [.. added.Where(column => column.Name.StartsWith("Score", StringComparison.Ordinal) && column.Name != "Score")];
        Assert.Equal(["ScoreMean", "ScoreStandardDeviation"], uncertain.Select(column => column.Name));
        Assert.Equal(
            name.StartsWith("binary", StringComparison.Ordinal) ? ["ProbabilityMean", "ProbabilityStandardDeviation"] : [],
            added.Select(column => column.Name).Where(column => column.StartsWith("Probability", StringComparison.Ordinal) && column != "Probability"));
        Assert.Equal(["Score"], added.Where(column => SchemaAssert.Text(column, "ScoreValueKind") == "Score").Select(column => column.Name));
        foreach (DataViewSchema.Column column in uncertain)
        {
            Assert.Equal(type, column.Type.ToString());
            Assert.Equal(score.Type, column.Type);
            Assert.Equal(column.Name, SchemaAssert.Text(column, "ScoreValueKind"));
            Assert.Equal(SchemaAssert.Text(score, "ScoreColumnKind"), SchemaAssert.Text(column, "ScoreColumnKind"));
            Assert.Equal(score.Annotations.Schema.Select(annotation => annotation.Name), column.Annotations.Schema.Select(annotation => annotation.Name));
            if (firstSlot is not null)
            {
                Assert.Equal(firstSlot, SchemaAssert.Texts(column, "SlotNames")[0]);
            }
        }
    }

    [Fact]
    public void MulticlassOfNumbers_KeepsTheNumbersAsKeyValues()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add<VBuffer<float>>("KeyValues", new VectorDataViewType(NumberDataViewType.Single, 3),
            (ref VBuffer<float> value) => value = new VBuffer<float>(3, 1, [7.5f], [2]));
        RowsView data = trainer.Data.With(ViewColumn.Of("Label", new KeyDataViewType(typeof(uint), 3), row => (uint)TrainerCase.ClassOf(row) + 1,
            builder.ToAnnotations()));
        MlpTrainerBase estimator = trainer.Create(new MLContext(1));

        MlpPredictionTransformer transformer = estimator.Fit(data);
        DataViewSchema schema = ModelFiles.Load(ModelFiles.Save(transformer)).GetOutputSchema(data.Schema);

        VBuffer<float> values = default;
        schema["PredictedLabel"].GetKeyValues(ref values);
        Assert.Equal([0, 0, 7.5f], values.DenseValues());
        Assert.Equal(["0", "0", "7.5"], transformer.Model.OutputNames);
        Assert.Null(schema["Score"].Annotations.Schema.GetColumnOrNull("SlotNames"));
        SchemaAssert.SameShape(estimator.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)), SchemaAssert.ShapeOf(schema));
    }

    public static TheoryData<PrimitiveDataViewType, object> KeyValueTypes => new()
    {
        { BooleanDataViewType.Instance, true },
        { NumberDataViewType.SByte, (sbyte)-3 },
        { NumberDataViewType.Byte, (byte)200 },
        { NumberDataViewType.Int16, (short)-300 },
        { NumberDataViewType.UInt16, (ushort)60000 },
        { NumberDataViewType.Int32, -70000 },
        { NumberDataViewType.UInt32, 4000000000u },
        { NumberDataViewType.Int64, -5000000000L },
        { NumberDataViewType.UInt64, ulong.MaxValue },
        { NumberDataViewType.Single, 0.1f },
        { NumberDataViewType.Double, 0.1 },
        { DateTimeDataViewType.Instance, new DateTime(2024, 2, 29, 12, 30, 0, DateTimeKind.Utc) },
        { DateTimeOffsetDataViewType.Instance, new DateTimeOffset(2024, 2, 29, 12, 30, 0, TimeSpan.FromHours(5.5)) },
        { TimeSpanDataViewType.Instance, TimeSpan.FromTicks(123456789) },
        { RowIdDataViewType.Instance, new DataViewRowId(1, 2) },
    };

    [Theory]
    [MemberData(nameof(KeyValueTypes))]
    public void KeyValues_OfEveryType_AreWrittenAndRead(PrimitiveDataViewType type, object value)
    {
        LabelNames names = (LabelNames)typeof(AnnotationTests).GetMethod(nameof(RoundTrip), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.RawType).Invoke(null, [type, value])!;

        Assert.Equal(new VectorDataViewType(type, 3), names.Type);
        Assert.Equal(Convert.ToString(value, CultureInfo.InvariantCulture), names.Texts[1]);
    }

    private static LabelNames RoundTrip<T>(PrimitiveDataViewType type, T value)
    {
        var names = new LabelNames<T>((ValueCodec<T>)ValueCodec.For(type)!, [default!, value, value]);
        MlpModel network = TrainerCase.Of("multiclass without names").Fit().Model.Network;
        var transformer = new MlpPredictionTransformer(
            new MLContext(1), new MlpModelParameters(MlpTask.Multiclass, network, true, names, training: null, null), "Features",
            new VectorDataViewType(NumberDataViewType.Single, network.FeatureCount));
        LabelNames read = ((MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(transformer))).Model.LabelNames!;
        Assert.True(names.Equals(read));
        return read;
    }

    [Fact]
    public void Regression_HasScore()
    {
        DataViewSchema.Column score = Assert.Single(Added("regression"));

        Assert.Equal("Score: Single", $"{score.Name}: {score.Type}");
        Assert.Equal("Regression", SchemaAssert.Text(score, "ScoreColumnKind"));
        Assert.Equal("Score", SchemaAssert.Text(score, "ScoreValueKind"));
    }

    [Fact]
    public void MultiOutputRegression_HasVectorWithTheNamesOfTheLabel()
    {
        DataViewSchema.Column score = Assert.Single(Added("multi-output regression"));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), score.Type);
        Assert.Equal("MultiOutputRegression", SchemaAssert.Text(score, "ScoreColumnKind"));
        Assert.Equal(["width", "height"], SchemaAssert.Texts(score, "SlotNames"));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SetId_IsSharedAndOneMoreThanTheInputHas(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();

        DataViewSchema once = transformer.GetOutputSchema(trainer.Data.Schema);
        DataViewSchema twice = transformer.GetOutputSchema(once);

        Assert.All(once.Skip(trainer.Data.Schema.Count), column => Assert.Equal(1u, SchemaAssert.SetId(column)));
        Assert.All(twice.Skip(once.Count), column => Assert.Equal(2u, SchemaAssert.SetId(column)));
        Assert.True(twice[once.Count - 1].IsHidden);
        Assert.False(twice["Score"].IsHidden);
    }

    [Fact]
    public void MapKeyToValue_AfterTheTrainer_FindsTheNames()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        var context = new MLContext(1);

        var model = trainer.Create(context, o => o with { NumberOfEpochs = 30, LearningRate = 0.05f })
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(trainer.Data);

        string[] names = ["ash", "birch", "cedar"];
        Assert.Equal(
            Enumerable.Range(0, 90).Select(row => $"PredictedLabel={names[TrainerCase.ClassOf(row)]}"),
            RowValues.ReadAll(model.Transform(trainer.Data), "PredictedLabel").Values);
    }

    private static DataViewSchema.Column[] Added(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        return [.. trainer.Fit().GetOutputSchema(trainer.Data.Schema).Skip(trainer.Data.Schema.Count)];
    }
}
