using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>Chains, model files, the prediction engine and the log.</summary>
public sealed class ChainTests
{
    private static readonly Row[] _rows =
    [
        new() { City = "Rome", A = 1, B = 10 },
        new() { City = "Oslo", A = 2, B = 30 },
        new() { City = "Rome", A = 4, B = 20 },
    ];

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(_rows);

    [Fact]
    public void Fit_EachEstimator_SeesWhatTheOnesBeforeItMade()
    {
        var model = Pipeline().Fit(Data);
        Assert.Equal(4, model.Count());
        Assert.Equal([[0.25f, 1, 0, 1f / 3], [0.5f, 0, 1, 1]], model.Transform(Data).GetColumn<float[]>("Features").Take(2));
    }

    [Fact]
    public void Fit_MissingColumn_ThrowsBeforeAnyDataIsRead()
    {
        int reads = 0;
        IEnumerable<Row> Source()
        {
            reads++;
            yield break;
        }

        var chain = _ml.Transforms.NormalizeMinMax("A").Append(_ml.Transforms.NormalizeMinMax("Absent"));
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(_ml.Data.LoadFromEnumerable(Source())));
        Assert.Equal(0, reads);
    }

    [Fact]
    public void AppendCacheCheckpoint_LaterEstimators_ReadTheCache()
    {
        int Reads(bool cache)
        {
            int reads = 0;
            IEnumerable<Row> Source()
            {
                reads++;
                foreach (var row in _rows)
                    yield return row;
            }

            var start = _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.CopyColumns("D", "B"));
            if (cache)
                start = start.AppendCacheCheckpoint(_ml);
            start.Append(_ml.Transforms.NormalizeMinMax("C")).Append(_ml.Transforms.NormalizeMinMax("C"))
                .Append(_ml.Transforms.NormalizeMinMax("C")).Fit(_ml.Data.LoadFromEnumerable(Source()));
            return reads;
        }

        Assert.Equal(3, Reads(cache: false));
        Assert.Equal(1, Reads(cache: true));
    }

    [Fact]
    public void TransformerScope_Training_IsLeftOutOfScoring()
    {
        var chain = new EstimatorChain<ITransformer>().Append(_ml.Transforms.CopyColumns("Always", "A"))
            .Append(_ml.Transforms.CopyColumns("Training", "A"), TransformerScope.TrainTest);
        var model = chain.Fit(Data);
        Assert.Null(model.Transform(Data).Schema.GetColumnOrNull("Training"));
        Assert.NotNull(model.Transform(Data, TransformerScope.Training).Schema.GetColumnOrNull("Training"));
        Assert.Single(model.GetModelFor(TransformerScope.Scoring));
    }

    [Fact]
    public void RowToRowMapper_GivesTheSameValuesAsTheView()
    {
        var data = Data;
        ITransformer model = Pipeline().Fit(data);
        Assert.True(model.IsRowToRowMapper);
        var mapper = model.GetRowToRowMapper(data.Schema);
        var features = mapper.OutputSchema["Features"];
        Assert.Equal(["City", "A", "B"], mapper.GetDependencies([features]).Select(c => c.Name));
        using var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, [features]);
        var get = row.GetGetter<VBuffer<float>>(features);
        VBuffer<float> value = default;
        foreach (float[] expected in model.Transform(data).GetColumn<float[]>("Features"))
        {
            Assert.True(cursor.MoveNext());
            get(ref value);
            Assert.Equal(expected, value.DenseValues());
        }
    }

    [Fact]
    public void RowToRowMapper_RowOfAnotherSchema_IsRefused()
    {
        var data = Data;
        ITransformer model = Pipeline().Fit(data);
        var mapper = model.GetRowToRowMapper(data.Schema);
        var other = Data;
        using var cursor = other.GetRowCursor(other.Schema);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapper.GetRow(cursor, mapper.OutputSchema));
    }

    [Fact]
    public void SaveAndLoad_Chain_TransformsTheSame()
    {
        var chain = Pipeline().Append(_ml.Transforms.NormalizeMeanVariance("Normal", "Features", fixZero: false))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label", "City")).Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Label"))
            .Append(_ml.Transforms.CopyColumns("Copy", "Back"));
        var model = chain.Fit(Data);
        using var file = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out var schema);
        Assert.Equal(Data.Schema.Select(c => (c.Name, c.Type)), schema.Select(c => (c.Name, c.Type)));
        var expected = model.Transform(Data);
        var actual = loaded.Transform(Data);
        Assert.Equal(expected.Schema.Select(c => (c.Name, c.Type, c.IsHidden)), actual.Schema.Select(c => (c.Name, c.Type, c.IsHidden)));
        Assert.Equal(
            expected.Schema.Select(c => string.Join(',', c.Annotations.Schema.Select(a => a.Name).Order())),
            actual.Schema.Select(c => string.Join(',', c.Annotations.Schema.Select(a => a.Name).Order())));
        Assert.Equal(expected.GetColumn<float[]>("Normal"), actual.GetColumn<float[]>("Normal"));
        Assert.Equal(expected.GetColumn<string>("Copy"), actual.GetColumn<string>("Copy"));
    }

    [Fact]
    public void SaveAndLoad_SchemaWithAnnotations_KeepsThem()
    {
        var prepared = _ml.Transforms.Categorical.OneHotEncoding("Hot", "City").Fit(Data).Transform(Data);
        var model = _ml.Transforms.CopyColumns("Copy", "Hot").Fit(prepared);
        string path = Path.GetTempFileName();
        try
        {
            _ml.Model.Save(model, prepared.Schema, path);
            new MLContext().Model.Load(path, out var schema);
            VBuffer<ReadOnlyMemory<char>> names = default;
            schema["Hot"].GetSlotNames(ref names);
            Assert.Equal(["Rome", "Oslo"], names.DenseValues().Select(n => n.ToString()));
            Assert.True(schema["Hot"].IsNormalized());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_OtherBytes_Throws()
    {
        using var file = new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Assert.ThrowsAny<Exception>(() => _ml.Model.Load(file, out _));
    }

    [Fact]
    public void PredictionEngine_GivesTheSameValuesAsTheView()
    {
        var model = Pipeline().Append(_ml.Transforms.Conversion.MapValueToKey("Key", "City"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key")).Fit(Data);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(model);
        foreach (var (row, expected) in _rows.Zip(model.Transform(Data).GetColumn<float[]>("Features")))
        {
            var prediction = engine.Predict(row);
            Assert.Equal(expected, prediction.Features);
            Assert.Equal(row.City, prediction.Back);
        }
    }

    [Fact]
    public void PredictionEngine_GivenObject_IsFilled()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(Pipeline().Fit(Data));
        var prediction = new Prediction();
        var same = prediction;
        engine.Predict(_rows[1], ref prediction);
        Assert.Same(same, prediction);
        Assert.Equal([0.5f, 0, 1, 1], prediction.Features);
        Assert.NotNull(engine.OutputSchema.GetColumnOrNull("Features"));
    }

    [Fact]
    public void PredictionEngine_InputWithoutNeededColumn_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Prediction, Prediction>(Pipeline().Fit(Data)));

    [Fact]
    public void PredictionEngine_MissingOutput_ThrowsUnlessIgnored()
    {
        var model = Pipeline().Fit(Data);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Row, Prediction>(model, ignoreMissingColumns: false));
        using var engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(model);
        Assert.Equal("", engine.Predict(_rows[0]).Back);
    }

    [Fact]
    public void Log_MessagesOfHosts_NameTheirSource()
    {
        var messages = new List<LoggingEventArgs>();
        _ml.Log += (_, message) => messages.Add(message);
        var host = ((IHostEnvironment)_ml).Register("Trainer");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 5);
            channel.Warning(MessageSensitivity.None, "careful");
        }

        var info = Assert.Single(messages, m => m.Kind == ChannelMessageKind.Info);
        Assert.Equal("epoch 1 of 5", info.RawMessage);
        Assert.Equal("Trainer; Training", info.Source);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 1 of 5", info.Message);
        Assert.Single(messages, m => m.Kind == ChannelMessageKind.Warning);
    }

    [Fact]
    public void ProgressChannel_TooManyValues_Throws()
    {
        using var channel = ((IHostEnvironment)_ml).StartProgressChannel("Training");
        channel.SetHeader(new ProgressHeader(["Loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 2));
        channel.Checkpoint(0.5, 1, 2);
        Assert.Throws<InvalidOperationException>(() => channel.Checkpoint(0.5, 1, 2, 3));
    }

    private EstimatorChain<ColumnConcatenatingTransformer> Pipeline()
        => _ml.Transforms.Categorical.OneHotEncoding("Hot", "City").Append(_ml.Transforms.NormalizeMinMax("A"))
            .Append(_ml.Transforms.NormalizeMinMax("B")).Append(_ml.Transforms.Concatenate("Features", "A", "Hot", "B"));

    private sealed class Row
    {
        public string City { get; set; } = "";

        public float A { get; set; }

        public float B { get; set; }
    }

    private sealed class Prediction
    {
        public float[] Features { get; set; } = [];

        public string Back { get; set; } = "";
    }
}
