using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>Trainers whose network knows categories: what pipelines of ML.NET say of them, and the ways that a trained model goes.</summary>
public sealed class CategoricalEmbeddingTests : LearnedInputTests
{
    private const int Features = TrainerCase.FeatureCount + 6 + 3;

    private static readonly CategoricalEmbedding _embedding = new() { MaximumOneHotSize = 4, Width = 3, Dropout = 0.1f };

    private readonly MLContext _context = new(1);

    protected override float[][] Examples =>
        [FeaturesOf(1), FeaturesOf(2), FeaturesOf(0), [.. FeaturesOf(3)[..TrainerCase.FeatureCount], .. Enumerable.Repeat(float.NaN, 9)]];

    [Fact]
    public void Fit_OneHotColumns_FindsTheirGroups()
    {
        Row[] rows = [.. Enumerable.Range(0, 600).Select(i => new Row { Number = i % 17, City = $"city {i % 40}", Colour = $"colour {i % 3}", Label = i % 5 })];
        MlpModel model = Fit(rows, new() { Dropout = 0 }, "Number", "Colour", "City").Model.Network;

        CategoryMap map = model.Architecture.Categories!;
        Assert.Equal([new(1, 3), new(4, 43)], map.Groups.ToArray());
        Assert.Equal([false, true], map.IsEmbedded.ToArray());
        Assert.Equal([.. Enumerable.Repeat(1f, 43)], model.Standardizer.Scale[1..].ToArray());
    }

    /// <summary>
    /// Labels are an effect of the city, of deviation 1, and twice a number. For cities that were never seen nothing beats the line through all training rows,
    /// which is computed here.
    /// </summary>
    [Theory]
    [InlineData(32)]
    [InlineData(8)]
    public void Transform_CityNeverSeen_IsScoredAsWellAsWithoutCities(int maximumOneHotSize)
    {
        const int seen = 16, cities = 22;
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] effects = [.. Enumerable.Range(0, cities).Select(_ => Normal())];
        Row Example(int city)
        {
            double number = Normal();
            return new() { Number = (float)number, City = $"city {city}", Label = (float)(effects[city] + 2 * number + 0.3 * Normal()) };
        }

        Row[] training = [.. Enumerable.Range(0, 1600).Select(i => Example(i % seen))];
        Row[] others = [.. Enumerable.Range(0, 600).Select(i => Example(seen + i % (cities - seen)))];
        double meanX = training.Average(row => row.Number), meanY = training.Average(row => row.Label);
        double slope = training.Sum(row => (row.Number - meanX) * (row.Label - meanY)) / training.Sum(row => Math.Pow(row.Number - meanX, 2));
        double line = Math.Sqrt(others.Average(row => Math.Pow(meanY + slope * (row.Number - meanX) - row.Label, 2)));

        EstimatorChain<MlpPredictionTransformer> pipeline = Pipeline(new() { MaximumOneHotSize = maximumOneHotSize }, Effort.Balanced, "Number", "City");
        TransformerChain<MlpPredictionTransformer> model = pipeline.Fit(_context.Data.LoadFromEnumerable(training));

        double error = _context.Regression.Evaluate(model.Transform(_context.Data.LoadFromEnumerable(others))).RootMeanSquaredError;
        Assert.True(error < 1.1 * line, FormattableString.Invariant($"{error}, the line {line}"));
    }

    /// <summary>The labels of 5,000 pages are a rule of the page; counted by hand are vectors, weights and biases.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_ManyPages_LearnsFewNumbersWithoutZeros(bool isHashed)
    {
        const int pages = 5000, width = 8, units = 32;
        Row[] rows = [.. Enumerable.Range(0, 4 * pages).Select(i => new Row { City = $"page {i % pages}", Label = i % pages % 2 })];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        IEstimator<ITransformer> encoding = isHashed
            ? _context.Transforms.Categorical.OneHotHashEncoding("Features", "City", numberOfBits: 18)
            : _context.Transforms.Categorical.OneHotEncoding("Features", "City", maximumNumberOfKeys: pages);
        var pipeline = encoding.Append(_context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            CategoricalEmbedding = new() { Width = width, MinimumFrequency = 1, Dropout = 0 },
            HiddenLayers = [new(units)],
            NumberOfEpochs = 8,
            LearningRate = 0.01f,
            NumberOfThreads = 1,
            Seed = 1,
        }));

        TransformerChain<MlpPredictionTransformer> model = pipeline.Fit(data);

        MlpModel network = model.LastTransformer.Model.Network;
        int slots = isHashed ? 1 << 18 : pages;
        Assert.Equal(((slots + 1) * width) + ((width + 1) * units) + units + 1, network.Architecture.Layout().TrainableCount);
        Assert.True(network.KeepsZeros);
        Assert.True(network.Networks[0].Architecture.Categories!.IsDense);
        Assert.True(_context.Regression.Evaluate(model.Transform(data)).RSquared > 0.9);
    }

    /// <summary>Sparse rows that are asked for may have shared members where embeddings leave few columns, chosen ones and given ones, and else not.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(40, false)]
    public void Fit_SparseRowsAskedFor_GoWithMembersWhereTheyBecomeDense(int maximumOneHotSize, bool isDense)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new Row { City = $"city {i % 40}", Label = i % 2 }));
        MlpPredictionTransformer Fit(Ensemble? given)
        {
            var options = new MlpRegressionTrainer.Options
            {
                CategoricalEmbedding = new() { MaximumOneHotSize = maximumOneHotSize },
                SparseFeatures = true,
                NumberOfEpochs = 1,
            };
            return _context.Transforms.Categorical.OneHotEncoding("Features", "City")
                .Append(_context.Regression.Trainers.Mlp(given is null ? options : options with { Ensemble = given })).Fit(data).LastTransformer;
        }

        Assert.Equal(isDense ? 8 : 1, Fit(null).Model.Network.Architecture.SharedMembers);
        if (isDense)
        {
            Assert.Equal(3, Fit(Ensemble.Shared(3)).Model.Network.Architecture.SharedMembers);
        }
        else
        {
            Assert.Contains("sparse rows", Assert.Throws<ArgumentException>(() => Fit(Ensemble.Shared(3))).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Numbers beside 2,000 cities: what is chosen for dense rows goes with them.</summary>
    [Fact]
    public void Fit_NumberBesideManyCities_IsLearnedAsDenseRowsAre()
    {
        const int cities = 2000;
        Row Example(int i) => new()
        {
            Number = i % 101 / 50f - 1,
            City = $"city {i * 7 % cities}",
            Label = (i * 7 % cities % 2) + MathF.Sin(3 * (i % 101 / 50f)),
        };
        IDataView data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 12_000).Select(Example));

        TransformerChain<MlpPredictionTransformer> model = Pipeline(new() { MinimumFrequency = 2 }, Effort.Fast, "Number", "City").Fit(data);

        MlpModel network = model.LastTransformer.Model.Network;
        Assert.True(network.KeepsZeros);
        Assert.NotEqual(0, network.Architecture.Encoding!.Sources.Length);
        Assert.True(network.Architecture.SharedMembers > 1);

        // Constant predictions have the deviation of the labels, some 0.8; a line in the number, and the cities, leave what the sine has beside its line.
        RegressionMetrics metrics = _context.Regression.Evaluate(model.Transform(data));
        Assert.True(metrics.RootMeanSquaredError < 0.15, $"{metrics.RootMeanSquaredError}");
    }

    /// <summary>What does not fit is ignored with a warning: the features are like any other.</summary>
    [Theory]
    [InlineData("it has 3 numbers", 0, 1, 2)]
    [InlineData("features 2 to 9", 0, 1, 2, 9)]
    [InlineData("features 1 to 2", 0, 1, 1, 2)]
    [InlineData("features 3 to 2", 3, 2)]
    [InlineData("features -1 to 2", -1, 2)]
    public void Fit_AnnotationThatDoesNotFit_IsIgnoredAndSaidSo(string expected, params int[] ends)
    {
        TrainerCase trainer = TrainerCase.Of("regression");
        var warnings = new List<string>();
        _context.Log += (_, e) => warnings.AddRange(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [e.RawMessage] : []);

        RowsView data = trainer.Data.With(ViewColumn.Vector("Features", TrainerCase.FeatureCount, TrainerCase.FeaturesOf).WithCategories(ends));
        MlpPredictionTransformer model = trainer.Create(_context, Learn).Fit(data);

        Assert.Null(model.Model.Network.Architecture.Categories);
        string warning = Assert.Single(warnings, line => line.Contains("CategoricalSlotRanges", StringComparison.Ordinal));
        Assert.Contains(expected, warning, StringComparison.Ordinal);
        Assert.Equal(ModelFiles.Network(ModelFiles.Save(trainer.Fit(Learn))), ModelFiles.Network(ModelFiles.Save(model)));
    }

    /// <summary>A group whose rows have numbers, or several categories at once, is none.</summary>
    [Fact]
    public void Fit_AnnotationOfOtherSlots_IsIgnoredWhereRowsAreNotOneHot()
    {
        TrainerCase trainer = TrainerOf("regression");
        RowsView moved = trainer.Data.With(ViewColumn.Vector("Features", Features, FeaturesOf).WithCategories([3, 9, 10, 12]));

        CategoryMap map = trainer.Create(_context, Learn).Fit(moved).Model.Network.Architecture.Categories!;

        Assert.Equal([new(10, 12)], map.Groups.ToArray());
    }

    protected override MlpTrainerOptions Learn(MlpTrainerOptions options) => options with { CategoricalEmbedding = _embedding };

    protected override MlpTrainerOptions LearnMore(MlpTrainerOptions options) => Learn(options) with { NumericEmbedding = NumericEmbedding.PiecewiseLinear(4) };

    protected override TrainerCase TrainerOf(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        return trainer with { Data = trainer.Data.With(ViewColumn.Vector("Features", Features, FeaturesOf).WithCategories([4, 9, 10, 12])) };
    }

    /// <summary>A column that no longer says what belongs together.</summary>
    protected override RowsView WithoutThem(TrainerCase trainer) => trainer.Data.With(ViewColumn.Vector("Features", Features, FeaturesOf));

    protected override void AssertLearned(MlpModel model) => Assert.Equal([true, false], model.Architecture.Categories!.IsEmbedded.ToArray());

    protected override void AssertRead(MlpModel model, MlpModel read) =>
        Assert.Equal(model.Architecture.Categories!.Groups.ToArray(), read.Architecture.Categories!.Groups.ToArray());

    /// <summary>The features of the case, one of six categories, and one of three; every eleventh row has none of either.</summary>
    private static float[] FeaturesOf(int row)
    {
        float[] features = [.. TrainerCase.FeaturesOf(row), .. new float[9]];
        if (row % 11 > 0)
        {
            features[TrainerCase.FeatureCount + row % 6] = 1;
            features[TrainerCase.FeatureCount + 6 + row % 3] = 1;
        }

        return features;
    }

    private EstimatorChain<MlpPredictionTransformer> Pipeline(CategoricalEmbedding embedding, Effort effort, params string[] columns) =>
        _context.Transforms.Categorical.OneHotEncoding([.. columns.Where(name => name != "Number").Select(name => new InputOutputColumnPair(name))])
            .Append(_context.Transforms.Concatenate("Features", columns))
            .Append(_context.Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
            {
                Effort = effort,
                CategoricalEmbedding = embedding,
                NumberOfThreads = 1,
                Seed = 1,
            }));

    private MlpPredictionTransformer Fit(Row[] rows, CategoricalEmbedding embedding, params string[] columns) =>
        Pipeline(embedding, Effort.Fast, columns).Fit(_context.Data.LoadFromEnumerable(rows)).LastTransformer;

    private sealed class Row
    {
        public float Number { get; set; }

        public string City { get; set; } = "";

        public string Colour { get; set; } = "";

        public float Label { get; set; }
    }
}
