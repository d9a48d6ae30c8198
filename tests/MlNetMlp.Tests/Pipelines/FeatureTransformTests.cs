using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Interop;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Networks, and what they make of their inputs, as transforms in front of other trainers.</summary>
public sealed class FeatureTransformTests
{
    private readonly MLContext _context = new(1);

    public static TheoryData<string, int> Layers => new()
    {
        { "binary", 1 }, { "multiclass", 0 }, { "regression, seeds", 1 }, { "binary, shared members", 1 }, { "binary, shared members", 0 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void MlpFeatures_OfANetwork_AreItsActivations_AlsoFromAFile(string name, int layer)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpModel network = trainer.Fit().Model.Network, expected = network.Features(layer);
        MlpFeaturesEstimator estimator = _context.Transforms.MlpFeatures(network, layer, "Learned");

        MlpPredictionTransformer transformer = estimator.Fit(trainer.Data);
        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(transformer));

        DataViewSchema schema = transformer.GetOutputSchema(trainer.Data.Schema);
        SchemaAssert.SameShape(estimator.GetOutputSchema(SchemaAssert.ShapeOf(trainer.Data.Schema)), SchemaAssert.ShapeOf(schema));
        SchemaAssert.SameSchema(schema, loaded.GetOutputSchema(trainer.Data.Schema));
        Assert.Equal(trainer.Data.Schema.Count + 1, schema.Count);
        Assert.Null(schema["Learned"].Annotations.Schema.GetColumnOrNull("ScoreColumnSetId"));
        float[] activations = new float[90 * expected.OutputCount];
        expected.Predict([.. Enumerable.Range(0, 90).SelectMany(TrainerCase.FeaturesOf)], activations, 90);
        Assert.Equal(activations, Values(transformer.Transform(trainer.Data), "Learned"));
        Assert.Equal(RowValues.ReadAll(transformer.Transform(trainer.Data)), RowValues.ReadAll(loaded.Transform(trainer.Data)));
    }

    [Fact]
    public void MlpFeatures_HaveSlotNames()
    {
        TrainerCase single = TrainerCase.Of("binary"), seeds = TrainerCase.Of("regression, seeds");

        Assert.Equal([.. Enumerable.Range(0, 8).Select(unit => $"Hidden1.{unit}")], Names(single, 1));
        Assert.Equal("Network2.Hidden1.7", Names(seeds, 1)[^1]);
        Assert.Equal(["Features0.0", "Features1.0", "Features2.0", "Features3.0"], Names(single, 0));

        string[] Names(TrainerCase trainer, int layer) => SchemaAssert.Texts(_context.Transforms.MlpFeatures(trainer.Fit().Model.Network, layer)
            .Fit(trainer.Data).GetOutputSchema(trainer.Data.Schema)["MlpFeatures"], "SlotNames");
    }

    [Fact]
    public void MlpFeatures_InFrontOfALinearTrainer_TellApartWhatItCannot()
    {
        // Whether two numbers have the same sign: no linear function does.
        RowsView data = new(400, ViewColumn.Vector("Features", 2, row => [Of(row, 0), Of(row, 1)]),
            ViewColumn.Boolean("Label", row => Of(row, 0) * Of(row, 1) > 0));
        MlpBinaryTrainer trainer = _context.BinaryClassification.Trainers.Mlp(
            new MlpBinaryTrainer.Options { Effort = Effort.Plain, HiddenLayers = [new(16)], NumberOfEpochs = 60, LearningRate = 0.02f, Seed = 1 });

        double alone = Accuracy(_context.BinaryClassification.Trainers.SdcaLogisticRegression().Fit(data).Transform(data));
        var chain = _context.Transforms.MlpFeatures(trainer, layer: 1, "Learned")
            .Append(_context.BinaryClassification.Trainers.SdcaLogisticRegression("Label", "Learned")).Fit(data);
        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(chain, data.Schema));

        Assert.InRange(alone, 0.3, 0.7);
        Assert.InRange(Accuracy(chain.Transform(data)), 0.95, 1);
        Assert.Equal(Accuracy(chain.Transform(data)), Accuracy(loaded.Transform(data)));

        double Accuracy(IDataView scored) => _context.BinaryClassification.Evaluate(scored).Accuracy;

        // All places of a grid around zero.
        static float Of(int row, int number) => (number == 0 ? row % 20 : row / 20) / 10f - 0.95f;
    }

    [Fact]
    public void MlpFeatures_AreConvertedToOnnx()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        MlpModel network = trainer.Fit().Model.Network;
        MlpPredictionTransformer transformer = _context.Transforms.MlpFeatures(network, 1, "Learned").Fit(trainer.Data);
        using var stream = new MemoryStream();
        _context.Model.ConvertToOnnx(transformer, trainer.Data, stream, "Learned");

        double[] rows = [.. Enumerable.Range(0, 90).SelectMany(TrainerCase.FeaturesOf)];
        double[] actual = Interpreter.Run(OnnxFile.Read(stream.ToArray()), "Features", new([90, 4], rows))["Learned.output"].Values;

        Assert.Equal([.. Values(transformer.Transform(trainer.Data), "Learned").Select(value => (double)value)], actual, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    /// <summary>Categories that are one-hot become vectors, learned from the label.</summary>
    [Fact]
    public void MlpFeatures_OfLayer0_EmbedCategories()
    {
        City[] cities = [.. Enumerable.Range(0, 600).Select(i => new City { Name = $"c{i % 20}", Size = i % 7, Label = i % 20 < 10 ? i % 7 : -i % 7 })];
        IDataView data = _context.Data.LoadFromEnumerable(cities);
        MlpRegressionTrainer trainer = _context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [new(8)],
            NumberOfEpochs = 20,
            LearningRate = 0.01f,
            Seed = 1,
            CategoricalEmbedding = new() { Width = 3, MaximumOneHotSize = 9 },
        });
        var pipeline = _context.Transforms.Categorical.OneHotEncoding("Name")
            .Append(_context.Transforms.Concatenate("Features", "Size", "Name"))
            .Append(_context.Transforms.MlpFeatures(trainer, layer: 0, "Embedded"));

        float[][] embedded = [.. pipeline.Fit(data).Transform(data).GetColumn<float[]>("Embedded")];

        // The size and a vector of three numbers, the same for the same city.
        Assert.Equal(4, embedded[0].Length);
        Assert.Equal(20, embedded.Select(row => string.Join(' ', row[1..])).Distinct().Count());
        double near = Distance(0, 1), far = Distance(0, 10);
        Assert.True(near < far, $"{near} {far}");

        double Distance(int a, int b) => Math.Sqrt(embedded[a][1..].Zip(embedded[b][1..], (x, y) => (double)(x - y) * (x - y)).Sum());
    }

    /// <summary>0 to 99: the ends of two bins are 0, the median and 99.</summary>
    [Fact]
    public void PiecewiseLinearEncoding_GivesSharesOfBins()
    {
        RowsView data = new(100, ViewColumn.Vector("Numbers", 2, row => [row, row % 2], "age", "flag"));
        PiecewiseLinearEncodingEstimator estimator = _context.Transforms.PiecewiseLinearEncoding("Encoded", "Numbers", bins: 2);
        MlpPredictionTransformer transformer = estimator.Fit(data);
        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(transformer));

        float[][] rows = [.. transformer.Transform(data).GetColumn<float[]>("Encoded")];

        DataViewSchema.Column column = transformer.GetOutputSchema(data.Schema)["Encoded"];
        Assert.Equal(["age.0", "age.1", "age.2", "flag.0"], SchemaAssert.Texts(column, "SlotNames").Order(StringComparer.Ordinal));
        string[] names = SchemaAssert.Texts(column, "SlotNames");
        int value = Array.IndexOf(names, "age.0"), low = Array.IndexOf(names, "age.1"), high = Array.IndexOf(names, "age.2");
        int flag = Array.IndexOf(names, "flag.0");
        double deviation = Math.Sqrt(Enumerable.Range(0, 100).Average(i => (i - 49.5) * (i - 49.5)));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal((i - 49.5) / deviation, rows[i][value], 1e-4);
            Assert.Equal(Math.Clamp(i / 49.5, 0, 1), rows[i][low], 0.02);
            Assert.Equal(Math.Clamp((i - 49.5) / 49.5, 0, 1), rows[i][high], 0.02);
            Assert.Equal(i % 2, rows[i][flag]);
        }

        Assert.Equal(RowValues.ReadAll(transformer.Transform(data)), RowValues.ReadAll(loaded.Transform(data)));
        SchemaAssert.SameShape(
            estimator.GetOutputSchema(SchemaAssert.ShapeOf(data.Schema)), SchemaAssert.ShapeOf(transformer.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void WrongColumnsAndLayers_AreRefused()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpModel network = trainer.Fit().Model.Network;

        Assert.Contains("'Nowhere' is missing; the columns are 'Label'", Refused(() =>
            _context.Transforms.MlpFeatures(network, 1, "a", "Nowhere").Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Contains("'Name' does not fit: it is String", Refused(() =>
            _context.Transforms.PiecewiseLinearEncoding("a", "Name").Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Contains("has 3 slots; the network takes 4 features", Refused(() =>
            _context.Transforms.MlpFeatures(network, 1, "a", "Other").Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Contains("1 hidden layers", Refused(() => _context.Transforms.MlpFeatures(network, 2)), StringComparison.Ordinal);
        Assert.Contains("1 hidden layers", Refused(() =>
            _context.Transforms.MlpFeatures(trainer.Create(_context), 2)), StringComparison.Ordinal);
        Assert.Contains("at most 2 hidden layers", Refused(() =>
            _context.Transforms.MlpFeatures(_context.BinaryClassification.Trainers.Mlp(), 3)), StringComparison.Ordinal);
        Assert.Contains("at most 1 hidden layers", Refused(() => _context.Transforms.MlpFeatures(
            _context.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options { TransferFrom = network }), 2)), StringComparison.Ordinal);

        // Of sparse rows the effort makes a smaller network.
        int epochs = 0;
        var sparse = new MlpBinaryTrainer.Options { SparseFeatures = true, Progress = new Synchronous<EpochReport>(_ => epochs++) };
        Assert.Contains("with 1 hidden layers; set HiddenLayers", Refused(() =>
            _context.Transforms.MlpFeatures(_context.BinaryClassification.Trainers.Mlp(sparse), 2).Fit(trainer.Data)), StringComparison.Ordinal);
        Assert.Equal(0, epochs);

        static string Refused(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;
    }

    /// <summary>Three classes, then two: the layers of the first network, those of the options not having been given.</summary>
    [Fact]
    public void TransferFrom_TrainsAnotherTaskOnTheHiddenLayers()
    {
        TrainerCase three = TrainerCase.Of("multiclass"), two = TrainerCase.Of("binary");
        MlpModel network = _context.MulticlassClassification.Trainers.Mlp(
            new MlpMulticlassTrainer.Options { NumberOfEpochs = 2, Seed = 1 }).Fit(three.Data).Model.Network;

        MlpModel other = _context.BinaryClassification.Trainers.Mlp(new MlpBinaryTrainer.Options
        {
            NumberOfEpochs = 2,
            Seed = 2,
            TransferFrom = network,
            RateFactors = new() { FirstLayer = 0, Scales = 0 },
        }).Fit(two.Data).Model.Network;

        Assert.Equal((1, network.Architecture.SharedMembers), (other.OutputCount, other.Architecture.SharedMembers));
        Assert.Equal(network.Architecture.HiddenLayers, other.Architecture.HiddenLayers);
        Assert.Equal(network.Weights()["Hidden1.Weights"].Values.ToArray(), other.Weights()["Hidden1.Weights"].Values.ToArray());
        Assert.NotEqual(network.Weights()["Hidden2.Weights"].Values.ToArray(), other.Weights()["Hidden2.Weights"].Values.ToArray());
    }

    [Fact]
    public void ModelZip_KnowsFeatures()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        ITransformer transformer = _context.Transforms.MlpFeatures(trainer.Fit().Model.Network, 1).Fit(trainer.Data);

        ModelZipNetwork found = ModelZip.Load(new MemoryStream(ModelFiles.Save(transformer)));

        Assert.Equal((ModelZipTask.Features, "Features", 8), (found.Task, found.FeatureColumnName, found.OutputNames.Count));
    }

    private static float[] Values(IDataView rows, string column) => [.. rows.GetColumn<float[]>(column).SelectMany(row => row)];

    private sealed class City
    {
        public string Name { get; set; } = "";

        public float Size { get; set; }

        public float Label { get; set; }
    }
}
