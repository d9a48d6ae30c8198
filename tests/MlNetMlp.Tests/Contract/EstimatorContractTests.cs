using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Contract;

/// <summary>What ML.NET's own test of an estimator asks of every component, of every trainer.</summary>
public sealed class EstimatorContractTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void GetOutputSchema_OfTheTrainer_PromisesWhatTheTransformerDelivers(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpTrainerBase estimator = trainer.Create(new MLContext(1));

        SchemaShape promised = estimator.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema));
        MlpPredictionTransformer transformer = estimator.Fit(trainer.Data);

        SchemaAssert.SameShape(promised, SchemaAssert.ShapeOf(transformer.GetOutputSchema(trainer.Data.Schema)));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void GetOutputSchema_OfTheTransformer_IsThatOfItsViewsAndMappers(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();

        DataViewSchema schema = transformer.GetOutputSchema(trainer.Data.Schema);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(trainer.Data.Schema);

        Assert.True(transformer.IsRowToRowMapper);
        Assert.Same(trainer.Data.Schema, mapper.InputSchema);
        SchemaAssert.SameSchema(schema, mapper.OutputSchema);
        SchemaAssert.SameSchema(schema, transformer.Transform(trainer.Data).Schema);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SaveAndLoad_GivesTheSameSchemaAndTheSameBits(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        var context = new MLContext(1);
        MlpPredictionTransformer transformer = trainer.Create(context).Fit(trainer.Data);

        using var file = new MemoryStream();
        context.Model.Save(transformer, trainer.Data.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext(2).Model.Load(file, out DataViewSchema inputSchema);

        SchemaAssert.SameSchema(trainer.Data.Schema, inputSchema);
        SchemaAssert.SameSchema(transformer.GetOutputSchema(trainer.Data.Schema), loaded.GetOutputSchema(trainer.Data.Schema));
        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data)), RowValues.ReadAll(loaded.Transform(trainer.Data)));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void SaveAndLoad_Twice_GivesTheSameBytes(string name)
    {
        MlpPredictionTransformer transformer = TrainerCase.Of(name).Fit();

        byte[] first = ModelFiles.Entry(ModelFiles.Save(transformer), "/Network");
        byte[] second = ModelFiles.Entry(ModelFiles.Save(ModelFiles.Load(ModelFiles.Save(transformer))), "/Network");

        Assert.Equal(first, second);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Cursors_ShuffledOrNotAloneOrInSets_GiveTheSameRows(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        IDataView scored = trainer.Fit().Transform(trainer.Data);

        SortedDictionary<DataViewRowId, string> rows = RowValues.ReadAll(scored);

        Assert.Equal(90, rows.Count);
        Assert.Equal(rows, RowValues.ReadAll(scored.GetRowCursor(scored.Schema, new Random(1))));
        Assert.Equal(rows, RowValues.ReadAll(scored.GetRowCursorSet(scored.Schema, 3)));
        Assert.Equal(rows, RowValues.ReadAll(scored.GetRowCursorSet(scored.Schema, 4, new Random(1))));
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void RowMapper_OnEveryRow_GivesTheBitsOfTheCursor(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(trainer.Data.Schema);
        DataViewSchema.Column[] added = [.. mapper.OutputSchema.Skip(trainer.Data.Schema.Count)];

        var rows = new List<string>();
        using (DataViewRowCursor input = trainer.Data.GetRowCursor(mapper.GetDependencies(added)))
        {
            DataViewRow row = mapper.GetRow(input, added);
            Func<string> read = RowValues.Reader(row);
            while (input.MoveNext())
            {
                rows.Add(read());
            }
        }

        Assert.Equal([["Features"]], trainer.Data.Requests[^1..]);
        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data), [.. added.Select(column => column.Name)]).Values, rows);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Views_TellWhatTheirInputTells(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        var awkward = new RowsView(10, ViewColumn.Vector("Features", TrainerCase.FeatureCount, TrainerCase.FeaturesOf))
        {
            CountIsKnown = false,
            CanShuffle = false
        };

        Assert.Equal(90, transformer.Transform(trainer.Data).GetRowCount());
        Assert.True(transformer.Transform(trainer.Data).CanShuffle);
        Assert.Null(transformer.Transform(awkward).GetRowCount());
        Assert.False(transformer.Transform(awkward).CanShuffle);
        Assert.Equal(10, RowValues.ReadAll(transformer.Transform(awkward)).Count);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Transform_OnOtherFeatures_SaysWhatItNeeds(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        RowsView[] wrong =
        [
            trainer.Data.Without("Features"),
            trainer.Data.With(ViewColumn.Vector("Features", 3, _ => [1, 2, 3])),
            trainer.Data.With(ViewColumn.Number("Features", _ => 1)),
        ];

        foreach (RowsView view in wrong)
        {
            foreach (Action act in new Action[] { () => transformer.GetOutputSchema(view.Schema), () => transformer.Transform(view),
                () => transformer.GetRowToRowMapper(view.Schema) })
            {
                Assert.Contains("'Features'", Assert.Throws<ArgumentOutOfRangeException>(act).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Info_TellsOfStandardizationValidationAndFurtherTraining(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);

        Assert.False(trainer.Create(new MLContext(1)).Info.NeedNormalization);
        Assert.True(trainer.Create(new MLContext(1), o => o with { FeatureScaling = FeatureScaling.None }).Info.NeedNormalization);
        Assert.False(trainer.Create(new MLContext(1)).Info.WantCaching);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.All), MemberType = typeof(TrainerCase))]
    public void Transformer_KnowsItsFeatureColumn(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();

        Assert.Equal("Features", transformer.FeatureColumnName);
        Assert.Equal(trainer.Data.Schema["Features"].Type, transformer.FeatureColumnType);
        Assert.Equal(trainer.Data.Schema["Features"].Type, ((MlpPredictionTransformer)ModelFiles.Load(ModelFiles.Save(transformer))).FeatureColumnType);
    }
}
