using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Scoring;

/// <summary>Cursors that read and score ahead: nobody may see it, except in the time it takes.</summary>
public sealed class BlockScoringTests
{
    /// <summary>Around the first blocks of 8, 16, 32 ... rows, and beyond the largest one.</summary>
    public static TheoryData<int> RowCounts => [0, 1, 7, 8, 9, 23, 24, 25, 56, 300, 1100];

    [Theory]
    [MemberData(nameof(RowCounts))]
    public void Blocks_OfAnyLength_HaveTheBitsOfSingleRows(int rows)
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpModel model = trainer.Fit().Model.Network;
        RowsView data = trainer.Data.WithRows(rows);

        string[] blocks = [.. RowValues.ReadAll(trainer.Fit().Transform(data), "Score").Values];

        float[] scores = new float[3];
        string[] single = [.. Enumerable.Range(0, rows).Select(row =>
        {
            model.Predict(TrainerCase.FeaturesOf(row), scores);
            return "Score=" + string.Join(",", scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("x8")));
        })];
        Assert.Equal(single, blocks);
    }

    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void PassingColumns_KeepTheirValues(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        RowsView data = trainer.Data.WithRows(400);
        string[] columns = [.. data.Schema.Select(column => column.Name)];

        Assert.Equal(RowValues.ReadAll(data), Passing(RowValues.ReadAll(trainer.Fit().Transform(data))));

        SortedDictionary<DataViewRowId, string> Passing(SortedDictionary<DataViewRowId, string> rows) =>
            new(rows.ToDictionary(row => row.Key, row => string.Join(" | ", row.Value.Split(" | ").Take(columns.Length))));
    }

    [Fact]
    public void PassingVectors_BelongToWhoAskedForThem()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        RowsView data = trainer.Data.WithRows(400);
        IDataView scored = trainer.Fit().Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Features"]);
        var kept = new List<VBuffer<float>>();
        while (cursor.MoveNext())
        {
            VBuffer<float> spoiled = default, own = default;
            getter(ref spoiled);
            VBufferEditor.CreateFromBuffer(ref spoiled).Values.Fill(-1);
            getter(ref own);
            kept.Add(own);
        }

        Assert.Equal(Enumerable.Range(0, 400).Select(TrainerCase.FeaturesOf), kept.Select(vector => vector.DenseValues().ToArray()));
    }

    [Fact]
    public void PositionBatchAndId_AreThoseOfTheInput()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        IDataView scored = trainer.Fit().Transform(trainer.Data);
        using DataViewRowCursor expected = trainer.Data.GetRowCursorSet([], 2)[1];
        using DataViewRowCursor actual = scored.GetRowCursorSet([scored.Schema["Score"]], 2)[1];
        ValueGetter<DataViewRowId> expectedId = expected.GetIdGetter(), actualId = actual.GetIdGetter();
        DataViewRowId first = default, second = default;

        Assert.Equal(-1, actual.Position);
        int rows = 0;
        for (; expected.MoveNext(); rows++)
        {
            Assert.True(actual.MoveNext());
            expectedId(ref first);
            actualId(ref second);
            Assert.Equal((expected.Position, expected.Batch, first), (actual.Position, actual.Batch, second));
        }

        Assert.True(rows > 40);
        Assert.False(actual.MoveNext());
        Assert.False(actual.MoveNext());
        Assert.Equal(-1, actual.Position);
    }

    [Fact]
    public void OnlyTheScore_ReadsOnlyTheFeatures()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        IDataView scored = trainer.Fit().Transform(trainer.Data);

        RowValues.ReadAll(scored, "Score");
        Assert.Equal(["Features"], trainer.Data.Requests[^1]);

        RowValues.ReadAll(scored, "Name", "Probability");
        Assert.Equal(["Features", "Name"], trainer.Data.Requests[^1].Order());
    }

    [Fact]
    public void OnlyPassingColumns_ReadNothingElseAndNothingAhead()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        IDataView scored = trainer.Fit().Transform(trainer.Data.Copy());
        RowsView data = trainer.Data.Copy();
        scored = trainer.Fit().Transform(data);

        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Name"]]);
        Assert.True(cursor.MoveNext());

        Assert.Equal([["Name"]], data.Requests);
        Assert.Equal(0, data.MovedTo);
    }

    [Fact]
    public void NoColumnAtAll_CountsTheRows()
    {
        TrainerCase trainer = TrainerCase.Of("binary");

        Assert.Equal(90, RowValues.ReadAll(trainer.Fit().Transform(trainer.Data).GetRowCursor([])).Count);
    }

    [Fact]
    public void FirstRow_ReadsOnlyAFewAhead()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        RowsView data = trainer.Data.WithRows(1000);
        IDataView scored = trainer.Fit().Transform(data);

        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        cursor.MoveNext();

        Assert.InRange(data.MovedTo, 0, 15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void FailureOfTheInput_ComesAfterTheRowsBeforeIt(int row)
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        var data = new RowsView(90, ViewColumn.Vector("Features", TrainerCase.FeatureCount, TrainerCase.FeaturesOf)) { FailsAt = row };
        IDataView scored = trainer.Fit().Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> getter = cursor.GetGetter<float>(scored.Schema["Score"]);
        float score = 0;

        for (int i = 0; i < row; i++)
        {
            Assert.True(cursor.MoveNext());
            getter(ref score);
        }

        Assert.Throws<FormatException>(() => cursor.MoveNext());
    }

    /// <summary>Also of a network so large that several threads share a block.</summary>
    [Theory]
    [InlineData(6, 60, 5, 33)]
    [InlineData(300, 400, 133, 371)]
    public void RefusedFeature_NamesRowAndColumnAndSparesTheOtherRows(int units, int rows, int first, int second)
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        MlpPredictionTransformer transformer = trainer.Create(new MLContext(1), options => options with { HiddenLayers = [new(units), new(units)] })
            .Fit(trainer.Data);
        var data = new RowsView(rows, ViewColumn.Vector("Features", 4, row => row == first || row == second ? [0, 1, float.PositiveInfinity, 2]
            : TrainerCase.FeaturesOf(row), "a", "b", "c", "d"));
        IDataView scored = transformer.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> getter = cursor.GetGetter<float>(scored.Schema["Score"]);
        var refused = new List<string>();
        float[] expected = new float[1];
        for (int row = 0; cursor.MoveNext(); row++)
        {
            float score = 0;
            if (row == first || row == second)
            {
                refused.Add(Assert.ThrowsAny<InvalidOperationException>(() => getter(ref score)).Message);
                Assert.ThrowsAny<InvalidOperationException>(() => getter(ref score));
            }
            else
            {
                getter(ref score);
                transformer.Model.Network.Predict(TrainerCase.FeaturesOf(row), expected);
                Assert.Equal(expected[0], score);
            }
        }

        Assert.Equal(2, refused.Count);
        Assert.StartsWith($"Row {first} (from 0), column 'Features', slot 2 ('c') is ", refused[0], StringComparison.Ordinal);
        Assert.StartsWith($"Row {second} (from 0), column 'Features', slot 2 ('c') is ", refused[1], StringComparison.Ordinal);
    }

    /// <summary>By cursors of blocks and row by row; dense networks as well as those that keep zeros.</summary>
    [Theory]
    [InlineData(1, 1, "a value in slot 1 behind one in slot 1; the slots of a sparse vector must ascend, each at most once.")]
    [InlineData(-1, 1, "a value in slot -1; there are slots 0 to 3.")]
    [InlineData(1, 4, "a value in slot 4; there are slots 0 to 3.")]
    public void SparseVectorOfWrongSlots_NamesRowAndColumn(int first, int second, string found)
    {
        MlpPredictionTransformer transformer = TrainerCase.Of("regression").Fit();
        var data = new RowsView(20, ViewColumn.Sparse("Features", 4, row => (row == 6 ? ([1, 2], [first, second]) : ([1, 2], [1, 2]))));
        string expected = $"Row 6 (from 0): the vector in column 'Features' has {found}";

        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => RowValues.ReadAll(transformer.Transform(data), "Score")).Message);

        DataViewSchema.Column features = data.Schema["Features"];
        using DataViewRowCursor cursor = data.GetRowCursor([features]);
        IRowToRowMapper mapper = ((ITransformer)transformer).GetRowToRowMapper(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["Score"]]);
        ValueGetter<float> getter = row.GetGetter<float>(mapper.OutputSchema["Score"]);
        float score = 0;
        while (cursor.MoveNext() && cursor.Position < 6)
        {
            getter(ref score);
        }

        Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => getter(ref score)).Message);
    }

    [Fact]
    public void VectorOfTheWrongLength_NamesRowAndColumn()
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        var data = new RowsView(20, ViewColumn.Vector("Features", 4, row => row == 6 ? [1, 2, 3] : TrainerCase.FeaturesOf(row)));

        string message = Assert.Throws<InvalidOperationException>(() => RowValues.ReadAll(trainer.Fit().Transform(data), "Score")).Message;

        Assert.Equal("Row 6 (from 0): the vector in column 'Features' has 3 slots; the type of the column promises 4.", message);
    }

    [Fact]
    public void Objects_PassThroughWithoutBeingKept()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        RowsView data = trainer.Data.With(ViewColumn.Of("Object", new ObjectType(), row => new Uri($"http://x/{row}")));
        IDataView scored = trainer.Fit().Transform(data);

        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        Func<string> read = RowValues.Reader(cursor);
        cursor.MoveNext();

        Assert.Contains("Object=http://x/0", read(), StringComparison.Ordinal);
        Assert.Equal(0, data.MovedTo);
        Assert.Equal(RowValues.ReadAll(trainer.Fit().Transform(data), "Score"), RowValues.ReadAll(trainer.Fit().Transform(trainer.Data), "Score"));
    }

    [Fact]
    public void Getters_RefuseWrongTypesInactiveColumnsAndMissingRows()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        IDataView scored = trainer.Fit().Transform(trainer.Data);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Name"]]);
        ValueGetter<float> score = cursor.GetGetter<float>(scored.Schema["Score"]);
        ValueGetter<ReadOnlyMemory<char>> name = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        float value = 0;
        ReadOnlyMemory<char> text = default;

        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(scored.Schema["Score"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Name"]));
        Assert.Contains("'Probability'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(scored.Schema["Probability"]))
            .Message, StringComparison.Ordinal);
        Assert.True(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["Probability"]));
        Assert.Throws<InvalidOperationException>(() => score(ref value));
        Assert.Throws<InvalidOperationException>(() => name(ref text));
        while (cursor.MoveNext())
        {
        }

        Assert.Throws<InvalidOperationException>(() => score(ref value));
        Assert.Throws<InvalidOperationException>(() => name(ref text));
    }

    [Fact]
    public void Dispose_DisposesOfTheInput()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        RowsView data = trainer.Data.Copy();
        IDataView scored = trainer.Fit().Transform(data);

        foreach (string column in new[] { "Score", "Name" })
        {
            using (scored.GetRowCursor([scored.Schema[column]]))
            {
                Assert.Equal(1, data.OpenCursors);
            }

            Assert.Equal(0, data.OpenCursors);
        }
    }

    [Fact]
    public void SparseFeatures_GiveTheBitsOfDenseOnes()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        static float[] Half(int row) => [.. TrainerCase.FeaturesOf(row).Select((x, i) => (row + i) % 2 == 0 ? x : 0)];
        RowsView dense = trainer.Data.With(ViewColumn.Vector("Features", 4, Half)), sparse = trainer.Data.With(ViewColumn.Sparse("Features", 4, Half));

        MlpPredictionTransformer onDense = trainer.Create(new MLContext(1)).Fit(dense), onSparse = trainer.Create(new MLContext(1)).Fit(sparse);

        Assert.Equal(ModelFiles.Network(ModelFiles.Save(onDense)), ModelFiles.Network(ModelFiles.Save(onSparse)));
        Assert.Equal(RowValues.ReadAll(onDense.Transform(dense), "Score"), RowValues.ReadAll(onDense.Transform(sparse), "Score"));
        Assert.Equal(RowValues.ReadAll(dense, "Features"), RowValues.ReadAll(onDense.Transform(sparse), "Features"));
    }

    [Fact]
    public void Ties_GoToTheFirstClass()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");

        // Without hidden layers, with weights of zero and a rate too small to move them by a bit, all classes stay equally probable.
        MlpPredictionTransformer transformer = trainer.Fit(o => o with
        {
            HiddenLayers = [],
            OutputInitializer = Initializer.Zero,
            NumberOfEpochs = 1,
            Optimizer = new Sgd(),
            LearningRate = 1e-30f
        });

        Assert.All(RowValues.ReadAll(transformer.Transform(trainer.Data), "PredictedLabel", "Score").Values,
            row => Assert.StartsWith("PredictedLabel=1 | ", row, StringComparison.Ordinal));
    }

    /// <summary>A column type that is not one of values.</summary>
    private sealed class ObjectType() : StructuredDataViewType(typeof(Uri))
    {
        public override bool Equals(DataViewType? other) => other is ObjectType;
    }
}
