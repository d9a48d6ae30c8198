using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>Columns of which hardly any slot is filled: when they are kept so, and that nobody sees it but in time and memory.</summary>
public sealed class SparseFeatureTests
{
    private const int Rows = 90;

    private static readonly MlpMulticlassTrainer.Options _options = new()
    {
        Effort = Effort.Plain,
        HiddenLayers = [new(8)],
        NumberOfEpochs = 15,
        LearningRate = 0.02f,
        Seed = 3,
    };

    private readonly MLContext _context = new(1);

    /// <summary>Slots, filled slots of a row, the option, and whether rows are kept sparse.</summary>
    public static TheoryData<int, int, bool?, bool> Choices => new()
    {
        { 2000, 20, null, true },
        { 2000, 250, null, true },
        { 2000, 251, null, false },
        { 1024, 5, null, true },
        { 1023, 5, null, false },
        { 2000, 20, false, false },
        { 100, 5, true, true },
        { 100, 99, true, true },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Fit_SparseOrDenseVectors_AreKeptAsTheyAreFilled(int slots, int filled, bool? option, bool isSparse)
    {
        foreach (RowsView data in new[] { Data(slots, filled), Dense(slots, filled) })
        {
            Assert.Equal(isSparse, IsSparse(data, _options with { SparseFeatures = option, NumberOfEpochs = 1 }));
        }
    }

    [Fact]
    public void Fit_Automatic_IsTheTrainingThatTheOptionAsksFor()
    {
        RowsView data = Data(1500, 10);
        string automatic = Scores(Fit(data, _options).Transform(data));
        Assert.Equal(automatic, Scores(Fit(data, _options with { SparseFeatures = true }).Transform(data)));
        Assert.Equal(automatic, Scores(Fit(Dense(1500, 10), _options).Transform(data)));
        Assert.NotEqual(automatic, Scores(Fit(data, _options with { SparseFeatures = false }).Transform(data)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Transform_SparseOrDenseVectors_HasTheScoresOfTheNetwork(bool sparseTraining)
    {
        RowsView data = Data(1500, 10);
        MlpPredictionTransformer transformer = Fit(data, _options with { SparseFeatures = sparseTraining });
        float[] scores = new float[3];
        string expected = string.Join(';', Enumerable.Range(0, Rows).Select(row =>
        {
            transformer.Model.Network.Predict(Features(row, 1500, 10), scores);
            return string.Join(',', scores.Select(BitConverter.SingleToInt32Bits));
        }));
        Assert.Equal(expected, Scores(transformer.Transform(data)));
        Assert.Equal(expected, Scores(transformer.Transform(Dense(1500, 10))));
        Assert.Equal(expected, Scores(ModelFiles.Load(ModelFiles.Save(transformer, data.Schema)).Transform(data)));
        Assert.Equal(expected, RowByRow(transformer, data));

        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(transformer.Transform(data));
        Assert.True(metrics.MicroAccuracy > 0.95, $"{metrics.MicroAccuracy}");
    }

    [Fact]
    public void Fit_ValidationRows_AreKeptAsTheTrainingRowsAre()
    {
        RowsView data = Data(1500, 10);
        var trainer = _context.MulticlassClassification.Trainers.Mlp(_options);
        Assert.Equal(Scores(trainer.Fit(data, data).Transform(data)), Scores(trainer.Fit(data, Dense(1500, 10)).Transform(data)));
        Assert.NotEmpty(Scores(Fit(data, _options with { ValidationFraction = 0.2f }).Transform(data)));
    }

    [Fact]
    public void Fit_Further_KeepsToTheUnitsOfTheModel()
    {
        RowsView data = Data(1500, 100);
        MlpPredictionTransformer sparse = Fit(data, _options), dense = Fit(data, _options with { SparseFeatures = false });
        Assert.Equal((true, false), (sparse.Model.Network.KeepsZeros, dense.Model.Network.KeepsZeros));
        Assert.True(IsSparse(data, _options, sparse));
        Assert.False(IsSparse(data, _options, dense));
        Assert.True(IsSparse(data, _options with { SparseFeatures = true }, dense));
    }

    [Fact]
    public void Fit_OptionsThatNeedDenseRows_GetThemOrAreRefused()
    {
        RowsView data = Data(1500, 10);
        Assert.False(IsSparse(data, _options with { InputNoise = 0.1f }));
        var exception = Assert.Throws<ArgumentException>(() => _context.MulticlassClassification.Trainers.Mlp(_options with
        {
            InputNoise = 0.1f,
            SparseFeatures = true
        }));
        Assert.StartsWith("SparseFeatures is true, but InputNoise is 0.1;", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "no value (NaN) in slot 7")]
    [InlineData(float.PositiveInfinity, "an infinite value in slot 7")]
    public void Fit_RefusedValue_IsNamedByRowAndSlot(float value, string found)
    {
        RowsView data = Data(1500, 10).With(ViewColumn.Sparse("Features", 1500, row =>
        {
            float[] x = Features(row, 1500, 10);
            x[7] = row == 5 ? value : x[7];
            return x;
        }));
        var exception = Assert.Throws<InvalidOperationException>(() => Fit(data, _options with { MissingValues = InvalidValueHandling.Fail }));
        Assert.Contains("Row 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_SparseColumn_IsExaminedAsDense()
    {
        var trainer = _context.MulticlassClassification.Trainers.Mlp(_options);
        Assert.NotEmpty(trainer.Diagnose(Data(1100, 10)).Findings);
        Assert.NotEmpty(trainer.CheckGradients(Data(1100, 10)).ToString());
    }

    [Fact]
    public void FitAndTransform_ManySlots_AllocateByTheFilledOnes()
    {
        // Dense, the rows alone would be 3,000 x 40,000 x 4 bytes = 480 MB.
        const int slots = 40_000, rows = 3000;
        var data = new RowsView(rows, new HotColumn("Features", slots), ViewColumn.Key("Label", 3, row => (uint)(row % 3) + 1));
        MlpMulticlassTrainer.Options options = new() { HiddenLayers = [new(2)], NumberOfEpochs = 2, Seed = 1, NumberOfThreads = 1 };
        long before = GC.GetAllocatedBytesForCurrentThread();
        MlpPredictionTransformer transformer = Fit(data, options);
        Assert.Equal(rows, Scores(transformer.Transform(data)).Split(';').Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000_000);
    }

    [Fact]
    public void OneHotEncoding_OfManyValues_IsLearnedSparse()
    {
        Visit[] visits = [.. Enumerable.Range(0, 6000).Select(i => new Visit { Page = "page" + i % 1500, Label = i % 1500 % 2 == 0 })];
        IDataView data = _context.Data.LoadFromEnumerable(visits);
        var pipeline = _context.Transforms.Categorical.OneHotEncoding("Features", "Page")
            .Append(_context.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
            {
                Effort = Effort.Plain,
                HiddenLayers = [new(8)],
                NumberOfEpochs = 5,
                LearningRate = 0.05f
            }));
        var model = pipeline.Fit(data);
        Assert.True(model.LastTransformer.Model.Network.KeepsZeros);
        Assert.True(_context.BinaryClassification.EvaluateNonCalibrated(model.Transform(data)).Accuracy > 0.99);
    }

    private MlpPredictionTransformer Fit(IDataView data, MlpMulticlassTrainer.Options options) =>
        _context.MulticlassClassification.Trainers.Mlp(options).Fit(data);

    /// <summary>Whether a training, from the start or from a model, says that it keeps its rows sparse.</summary>
    private static bool IsSparse(RowsView data, MlpMulticlassTrainer.Options options, MlpPredictionTransformer? initial = null)
    {
        var lines = new List<string>();
        var context = new MLContext(1);
        context.Log += (_, e) => lines.Add(e.RawMessage);
        context.MulticlassClassification.Trainers.Mlp(options).Fit(data, null, initial?.Model);
        return lines.Exists(line => line.Contains("without their zeros", StringComparison.Ordinal));
    }

    private static string Scores(IDataView scored)
    {
        var rows = new List<string>();
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add(string.Join(',', value.DenseValues().Select(BitConverter.SingleToInt32Bits)));
        }

        return string.Join(';', rows);
    }

    private static string RowByRow(MlpPredictionTransformer transformer, RowsView data)
    {
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(data.Schema);
        var rows = new List<string>();
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Features"]]);
        using DataViewRow row = mapper.GetRow(cursor, [mapper.OutputSchema["Score"]]);
        ValueGetter<VBuffer<float>> getter = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Score"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add(string.Join(',', value.DenseValues().Select(BitConverter.SingleToInt32Bits)));
        }

        return string.Join(';', rows);
    }

    private static RowsView Data(int slots, int filled) => new(
        Rows, ViewColumn.Sparse("Features", slots, row => Features(row, slots, filled)), ViewColumn.Key("Label", 3, row => (uint)(row % 3) + 1));

    private static RowsView Dense(int slots, int filled) => Data(slots, filled).With(ViewColumn.Vector("Features", slots, row => Features(row, slots, filled)));

    /// <summary>The slots from a place on that lies in another third of them for each class.</summary>
    private static float[] Features(int row, int slots, int filled)
    {
        float[] x = new float[slots];
        int first = row % 3 * (slots / 3) + row * 37 % (slots / 3);
        for (int i = 0; i < filled; i++)
        {
            x[(first + i) % slots] = 1 + (row + i) % 5;
        }

        return x;
    }

    /// <summary>Three slots of many, without a dense array on the way.</summary>
    private sealed record HotColumn(string Name, int Size) : ViewColumn(Name, new VectorDataViewType(NumberDataViewType.Single, Size), null)
    {
        public override Delegate CreateGetter(Func<int> row) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> vector) =>
        {
            VBufferEditor<float> editor = VBufferEditor.Create(ref vector, Size, 3);
            (editor.Indices[0], editor.Indices[1], editor.Indices[2]) = (row() % 3, 10 + row(), Size - 1 - row());
            editor.Values.Fill(1);
            vector = editor.Commit();
        });
    }

    private sealed class Visit
    {
        public string Page { get; set; } = "";

        public bool Label { get; set; }
    }
}
