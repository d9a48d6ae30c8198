using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>What <c>Mlp()</c> makes of a text column with so many values that nearly all of its slots are 0, beside numbers.</summary>
public sealed class ManyCategoriesTests
{
    private const int Cities = 1200;

    private readonly MLContext _context = new(1);

    /// <summary>Cities are known by the means of their labels alone, which say nothing of the numbers: these must be learned beside them.</summary>
    [Theory]
    [InlineData(nameof(Effort.Fast))]
    [InlineData(nameof(Effort.Balanced))]
    public void Fit_Defaults_LearnCategoriesAndNumbers(string effort)
    {
        House[] training = Houses(6000, 1), test = Houses(2000, 2);
        Dictionary<string, double> means = training.GroupBy(house => house.City)
            .ToDictionary(houses => houses.Key, houses => houses.Average(house => (double)house.Label));
        double mean = training.Average(house => house.Label);
        double ofMeans = Error(test, house => means.GetValueOrDefault(house.City, mean));

        var options = new MlpRegressionTrainer.Options { Effort = effort == nameof(Effort.Fast) ? Effort.Fast : Effort.Balanced };
        MlpPredictionTransformer model = Fit(training, options, out Func<House, double> predict);
        double ours = Error(test, predict);

        Assert.True(ours < 0.5 * ofMeans, $"{ours} of {ofMeans}");
        Assert.NotNull(model.Model.Network.Architecture.Categories);
        Assert.NotNull(model.Model.Network.Architecture.Encoding);
        Assert.Contains("CategoricalEmbedding = ", string.Join(' ', model.Model.TrainingNotes), StringComparison.Ordinal);
    }

    private MlpPredictionTransformer Fit(House[] houses, MlpRegressionTrainer.Options options, out Func<House, double> predict)
    {
        var chain = _context.Transforms.Categorical.OneHotEncoding("City")
            .Append(_context.Transforms.Concatenate("Features", "City", "Size", "Age"))
            .Append(_context.Regression.Trainers.Mlp(options))
            .Fit(_context.Data.LoadFromEnumerable(houses));
        PredictionEngine<House, Price> engine = _context.Model.CreatePredictionEngine<House, Price>(chain);
        predict = house => engine.Predict(house).Score;
        return chain.LastTransformer;
    }

    private static double Error(House[] houses, Func<House, double> predict) => houses.Average(house => Math.Pow(predict(house) - house.Expected, 2));

    private static House[] Houses(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int city = (int)(Cities * Math.Pow(random.NextDouble(), 2));
            (float size, float age) = (random.NextSingle(), random.NextSingle());
            double expected = new Random(city).NextDouble() * 4 + Math.Floor(size * 4) - 2 * Math.Abs(age - 0.5);
            return new House { City = $"city {city}", Size = size, Age = age, Expected = expected, Label = (float)(expected + random.NextDouble() - 0.5) };
        })];
    }

    private sealed class House
    {
        public string City { get; set; } = "";

        public float Size { get; set; }

        public float Age { get; set; }

        public float Label { get; set; }

        [NoColumn]
        public double Expected { get; set; }
    }

    private sealed class Price
    {
        public float Score { get; set; }
    }
}
