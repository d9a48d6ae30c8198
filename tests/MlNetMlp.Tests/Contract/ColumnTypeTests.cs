using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>
/// Every trainer on every combination of label and feature columns that ML.NET has: what its documentation takes is learned, scored, saved and
/// loaded as promised; all else is refused before any row is read. What ML.NET's own trainers take and refuse is the same, but for what is
/// named.
/// </summary>
public sealed class ColumnTypeTests
{
    public static TheoryData<string, string> Labels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string task in (string[])["binary", "multiclass", "regression"])
            {
                Array.ForEach(ColumnKinds.Labels, label => data.Add(task, label.Name));
            }

            return data;
        }
    }

    /// <summary>Labels that a trainer takes.</summary>
    public static TheoryData<string, string> TakenLabels
    {
        get
        {
            var data = new TheoryData<string, string>();
            Array.ForEach(ColumnKinds.Labels, label => Array.ForEach(label.Tasks, task => data.Add(task, label.Name)));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Labels))]
    public void Trainer_OnEveryFeatureColumn_TakesWhatItsDocumentationSays(string task, string label)
    {
        ColumnKind labelKind = ColumnKinds.Labels.Single(kind => kind.Name == label);
        foreach (ColumnKind features in ColumnKinds.Features)
        {
            RowsView data = TrainerCase.Of(task).Data.With(labelKind.Column, features.Column);
            MlpTrainerBase trainer = TrainerCase.Of(task).Create(new MLContext(1));
            bool isTaken = labelKind.Tasks.Contains(task) && features.Tasks.Contains(task);

            Exception? schemaRefusal = Record.Exception(() => trainer.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)));

            Assert.True(isTaken == schemaRefusal is null, $"{features.Name}: {schemaRefusal?.Message ?? "taken"}");
            if (!isTaken)
            {
                var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data));
                string column = features.Tasks.Contains(task) ? "'Label'" : "'Features'";
                Assert.Contains(column, refusal.Message, StringComparison.Ordinal);
                Assert.Equal(Message(refusal), Message(Assert.IsType<ArgumentOutOfRangeException>(schemaRefusal)));
                Assert.Empty(data.Requests);
            }
        }
    }

    /// <summary>Whoever appends what a refusal of a column advises can fit the whole pipeline at once.</summary>
    [Theory]
    [MemberData(nameof(Labels))]
    public void Trainer_OnALabelThatItRefuses_AdvisesWhatWorksInOnePipeline(string task, string label)
    {
        RowsView data = TrainerCase.Of(task).Data.With(ColumnKinds.Labels.Single(kind => kind.Name == label).Column);
        var context = new MLContext(1);
        MlpTrainerBase trainer = TrainerCase.Of(task).Create(context);
        string advice = Record.Exception(() => trainer.Fit(data))?.Message ?? "";

        Match convert = Regex.Match(advice, @"append mlContext\.Transforms\.Conversion\.ConvertType\(""Label"", outputKind: DataKind\.(\w+)\)");
        IEstimator<ITransformer>? advised = advice.Contains("append mlContext.Transforms.Conversion.MapValueToKey(\"Label\")", StringComparison.Ordinal)
            ? context.Transforms.Conversion.MapValueToKey("Label")
            : convert.Success ? context.Transforms.Conversion.ConvertType("Label", outputKind: Enum.Parse<DataKind>(convert.Groups[1].Value)) : null;

        // Whether a text is a number is a matter of the text.
        if (advised is not null && !label.Contains("text", StringComparison.Ordinal))
        {
            Assert.IsType<MlpPredictionTransformer>(advised.Append(trainer).Fit(data).LastTransformer);
        }
    }

    [Theory]
    [MemberData(nameof(TakenLabels))]
    public void Trainer_OnEveryFeatureColumnThatItTakes_KeepsTheContract(string task, string label)
    {
        foreach (ColumnKind features in ColumnKinds.Features.Where(kind => kind.Tasks.Contains(task)))
        {
            RowsView data = TrainerCase.Of(task).Data.With(ColumnKinds.Labels.Single(kind => kind.Name == label).Column, features.Column);
            MlpTrainerBase trainer = TrainerCase.Of(task).Create(new MLContext(1), options => options with { NumberOfEpochs = 1 });
            RowsView rows = data.WithRows(40);

            MlpPredictionTransformer transformer = trainer.Fit(data);

            IDataView scored = transformer.Transform(rows);
            SchemaAssert.SameShape(trainer.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)), SchemaAssert.ShapeOf(scored.Schema));
            SchemaAssert.SameSchema(transformer.GetOutputSchema(rows.Schema), scored.Schema);
            SortedDictionary<DataViewRowId, string> values = RowValues.ReadAll(scored);
            Assert.Equal(40, values.Count);
            Assert.All(RowValues.Scores(scored), score => Assert.True(float.IsFinite(score)));
            Assert.Equal(values, RowValues.ReadAll(scored.GetRowCursor(scored.Schema, new Random(1))));
            Assert.Equal(values, RowValues.ReadAll(scored.GetRowCursorSet(scored.Schema, 3)));
            Assert.Equal(values, RowValues.ReadAll(scored.GetRowCursorSet(scored.Schema, 3, new Random(1))));

            byte[] file = ModelFiles.Save(transformer, data.Schema);
            IDataView again = ModelFiles.Load(file).Transform(rows);
            SchemaAssert.SameSchema(scored.Schema, again.Schema);
            Assert.Equal(values, RowValues.ReadAll(again));
            Assert.Equal(features.Column.Type, transformer.FeatureColumnType);
        }
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Transformer_OnEveryFeatureColumn_TakesVectorsOfItsSize(string task)
    {
        MlpPredictionTransformer transformer = TrainerCase.Of(task).Fit();
        foreach (ColumnKind features in ColumnKinds.Features)
        {
            RowsView rows = TrainerCase.Of(task).Data.With(features.Column).Without("Label");
            if (features.Column.Type is VectorDataViewType { Size: TrainerCase.FeatureCount } type && type.ItemType.Equals(NumberDataViewType.Single))
            {
                SchemaAssert.SameSchema(transformer.GetOutputSchema(rows.Schema), transformer.Transform(rows).Schema);
                Assert.Equal(90, RowValues.ReadAll(transformer.Transform(rows)).Count);
                continue;
            }

            Action[] uses =
            [
                () => transformer.GetOutputSchema(rows.Schema), () => transformer.Transform(rows), () => transformer.GetRowToRowMapper(rows.Schema),
            ];
            foreach (Action act in uses)
            {
                string message = Assert.Throws<ArgumentOutOfRangeException>(act).Message;
                Assert.Contains($"'Features' is {features.Column.Type}", message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void Weights_OfEveryType_AreTakenAsDocumented(string task)
    {
        foreach (ColumnKind weights in ColumnKinds.Weights)
        {
            RowsView data = TrainerCase.Of(task).Data.With(weights.Column);
            MlpTrainerBase trainer = TrainerCase.Of(task).Create(new MLContext(1), options => options with { ExampleWeightColumnName = "Weight" });
            if (weights.Tasks.Contains(task))
            {
                SchemaShape promised = trainer.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema));
                SchemaAssert.SameShape(promised, SchemaAssert.ShapeOf(trainer.Fit(data).GetOutputSchema(data.Schema)));
                continue;
            }

            Assert.Contains("'Weight'", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)));
        }
    }

    /// <summary>The table above, on ML.NET's own trainers.</summary>
    [Theory]
    [MemberData(nameof(PeerTrainer.All), MemberType = typeof(PeerTrainer))]
    public void PeerOfMLNet_OnEveryColumn_TakesAndRefusesTheSame(string name)
    {
        PeerTrainer peer = PeerTrainer.Of(name);
        foreach (ColumnKind label in ColumnKinds.Labels)
        {
            bool isTaken = label.Tasks.Contains(peer.Task) && label.OursAlone is null;
            Assert.True(isTaken == IsPromised(label), $"label {label.Name}");
        }

        foreach (ColumnKind features in ColumnKinds.Features)
        {
            Assert.True(features.Tasks.Contains(peer.Task) == IsPromised(features), $"features {features.Name}");
        }

        bool IsPromised(ColumnKind kind)
        {
            RowsView data = TrainerCase.Of(peer.Task).Data.With(kind.Column);
            Exception? refusal = Record.Exception(() => peer.Create(new MLContext(1)).GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)));
            if (refusal is null && !kind.Tasks.Contains(peer.Task))
            {
                // One-versus-all leaves it to the trainer inside to look at the features.
                Assert.Equal("OneVersusAllFastTree", peer.Name);
                refusal = Record.Exception(() => peer.Create(new MLContext(1)).Fit(data));
            }

            Assert.True(refusal is null or ArgumentOutOfRangeException, $"{kind.Name}: {refusal}");
            return refusal is null;
        }
    }

    /// <summary>The message without the name of the parameter, which each method has for itself.</summary>
    private static string Message(ArgumentOutOfRangeException exception) => exception.Message.Split(" (Parameter")[0];
}
