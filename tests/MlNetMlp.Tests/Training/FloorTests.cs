using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>
/// What <c>Mlp()</c> may lose, with no option set, on awkward sets whose generator is known: never much more than a simple model that the test computes.
/// Predictions are compared with expectations, not with drawn labels, so that the noise of the test rows does not hide anything.
/// </summary>
public sealed class FloorTests
{
    private const int TestRows = 2000;
    private const double Noise = 0.5;

    private readonly MLContext _context = new(1);

    /// <summary>A logistic regression with k parameters loses k / (2 rows) nats on average, for any number of rows that is not small.</summary>
    [Fact]
    public void Noise_Classes_LoseLittleAgainstTheShares()
    {
        const int Rows = 1000, Columns = 10;
        MadeUpSet two = Set(Rows, 1), twoOthers = Set(TestRows, 2), three = SetOfThree(Rows, 1), threeOthers = SetOfThree(TestRows, 2);

        AtMost(7 * (Columns + 1) / (2.0 * Rows), twoOthers.Divergence(FitBinary(two)));
        AtMost(4.5 * 2 * (Columns + 1) / (2.0 * Rows), threeOthers.Divergence(FitMulticlass(three)));

        static MadeUpSet Set(int rows, int seed) => MadeUpSet.Binary(rows, seed, random => (MadeUpSet.Normals(random, Columns), 0.3));
        static MadeUpSet SetOfThree(int rows, int seed) =>
            MadeUpSet.Multiclass(rows, seed, random => (MadeUpSet.Normals(random, Columns), [0.5, 0.3, 0.2]));
    }

    [Fact]
    public void Noise_Values_LoseLittleAgainstLeastSquares()
    {
        MadeUpSet training = Set(1000, 1), test = Set(TestRows, 2);

        AtMost(3.5 * test.Distance(LinearPredictions(training, test)), test.Distance(FitRegression(training)));

        static MadeUpSet Set(int rows, int seed) => MadeUpSet.Regression(rows, seed, 1, random => (MadeUpSet.Normals(random, 10), 5));
    }

    /// <summary>Least squares finds the slope of the stairs alone, and the share of a class nothing.</summary>
    [Fact]
    public void Steps_AreFound()
    {
        MadeUpSet stairs = Stairs(2000, 1), otherStairs = Stairs(TestRows, 2), squares = Squares(2000, 1), otherSquares = Squares(TestRows, 2);

        AtMost(0.35 * otherStairs.Distance(LinearPredictions(stairs, otherStairs)), otherStairs.Distance(FitRegression(stairs)));
        AtMost(0.15 * otherSquares.Divergence(otherSquares.MeanExpected()), otherSquares.Divergence(FitBinary(squares)));

        static MadeUpSet Stairs(int rows, int seed) => MadeUpSet.Regression(rows, seed, Noise, random =>
        {
            float[] x = Uniforms(random);
            return (x, Math.Floor(x[0] * 5) % 2 * 2 + Math.Floor(x[1] * 4));
        });
        static MadeUpSet Squares(int rows, int seed) => MadeUpSet.Binary(rows, seed, random =>
        {
            float[] x = Uniforms(random);
            return (x, ((int)(x[0] * 6) + (int)(x[1] * 2)) % 2 == 0 ? 0.9 : 0.1);
        });
        static float[] Uniforms(Random random) => [random.NextSingle(), random.NextSingle(), random.NextSingle()];
    }

    /// <summary>Of 300 categories many have a row or two. The mean of each one's labels in training is what there is to know of it.</summary>
    [Fact]
    public void RareCategories_AreAsGoodAsTheirMeans()
    {
        const int Categories = 300;
        MadeUpSet training = Set(2000, 1), test = Set(TestRows, 2);
        float[] labels = training.Labels();
        Dictionary<int, double> means = Enumerable.Range(0, labels.Length).GroupBy(row => CategoryOf(training.Features[row]))
            .ToDictionary(rows => rows.Key, rows => rows.Average(row => (double)labels[row]));
        double[] predictions = [.. test.Features.Select(row => means.GetValueOrDefault(CategoryOf(row), labels.Average()))];

        AtMost(test.Distance(predictions), test.Distance(FitRegression(training)));

        static int CategoryOf(float[] row) => Array.IndexOf(row, 1);
        static MadeUpSet Set(int rows, int seed) => MadeUpSet.Regression(rows, seed, 1, random =>
        {
            float[] x = new float[Categories];
            int category = (int)(Categories * Math.Pow(random.NextDouble(), 3));
            x[category] = 1;
            return (x, new Random(category).NextDouble() * 4 - 2);
        });
    }

    [Fact]
    public void OnePercentPositives_AreFoundAndNotOverstated()
    {
        MadeUpSet training = Set(5000, 1), test = Set(TestRows, 2);
        ITransformer model = FitBinary(training);
        double share = test.MeanExpected()[0];

        Assert.InRange(share, 0.01, 0.02);
        AtMost(0.35 * test.Divergence([share]), test.Divergence(model));
        Assert.InRange(test.Predictions(model).Average(row => row[0]), 0.75 * share, 1.25 * share);

        static MadeUpSet Set(int rows, int seed) => MadeUpSet.Binary(rows, seed, random =>
        {
            float[] x = MadeUpSet.Normals(random, 5);
            return (x, Sigmoid(-6 + 1.5 * x[0] + x[1] * x[1] / 2));
        });
    }

    /// <summary>That a value is there counts as much as the value: least squares of zeros in the place of what is missing cannot see it.</summary>
    [Fact]
    public void NinetyPercentMissing_IsSeen()
    {
        MadeUpSet training = Set(2000, 1), test = Set(TestRows, 2);
        double[] linear = new LeastSquares(Filled(training), training.Labels()).Predict(Filled(test));

        AtMost(0.3 * test.Distance(linear), test.Distance(FitRegression(training)));

        static float[][] Filled(MadeUpSet set) => Array.ConvertAll(set.Features, row => Array.ConvertAll(row, x => float.IsNaN(x) ? 0 : x));
        static MadeUpSet Set(int rows, int seed) => MadeUpSet.Regression(rows, seed, Noise, random =>
        {
            float[] x = Array.ConvertAll(MadeUpSet.Normals(random, 10), value => random.NextDouble() < 0.9 ? float.NaN : value);
            return (x, x.Sum(value => float.IsNaN(value) ? 0 : 1 + value));
        });
    }

    /// <summary>Noisy classes are the hardest: a plain network loses four times as much as the shares do.</summary>
    [Fact]
    public void HundredRows_AreNotLearnedByRote()
    {
        MadeUpSet values = Values(100, 1), otherValues = Values(TestRows, 2);
        MadeUpSet two = Two(100, 1), twoOthers = Two(TestRows, 2), three = Three(100, 1), threeOthers = Three(TestRows, 2);

        AtMost(1.3 * Error(otherValues.Distance(LinearPredictions(values, otherValues))), Error(otherValues.Distance(FitRegression(values))));
        AtMost(twoOthers.Divergence(twoOthers.MeanExpected()), twoOthers.Divergence(FitBinary(two)));
        AtMost(1.5 * threeOthers.Divergence(threeOthers.MeanExpected()), threeOthers.Divergence(FitMulticlass(three)));

        static MadeUpSet Values(int rows, int seed) => Linear(rows, seed, 5, 1);
        static MadeUpSet Two(int rows, int seed) => MadeUpSet.Binary(rows, seed, random =>
        {
            float[] x = MadeUpSet.Normals(random, 5);
            return (x, Sigmoid(Rule(x)));
        });
        static MadeUpSet Three(int rows, int seed) => MadeUpSet.Multiclass(rows, seed, random =>
        {
            float[] x = MadeUpSet.Normals(random, 4);
            double[] odds = [Math.Exp(x[0]), Math.Exp(x[1]), Math.Exp(x[2])];
            return (x, Array.ConvertAll(odds, value => value / odds.Sum()));
        });
    }

    /// <summary>
    /// Fewer rows than columns, three of which count: the mean of the labels is the best constant. (With 32 bins for each column the first steps, which
    /// move all weights of a unit, threw the network so far that it was left with 0.9 of that, or all of it.)
    /// </summary>
    [Fact]
    public void ThousandColumns_AreBetterThanTheMean()
    {
        MadeUpSet training = Linear(300, 1, 1000, 1), test = Linear(TestRows, 2, 1000, 1);
        double mean = training.Labels().Average();

        AtMost(0.8 * test.Distance([.. test.Features.Select(_ => mean)]), test.Distance(FitRegression(training)));
    }

    [Fact]
    public void DuplicatedColumns_ChangeLittle()
    {
        MadeUpSet once = Linear(500, 1, 5, 1), test = Linear(TestRows, 2, 5, 1), often = Linear(500, 1, 5, 20), oftenOthers = Linear(TestRows, 2, 5, 20);
        double alone = test.Distance(FitRegression(once)), copied = oftenOthers.Distance(FitRegression(often));

        AtMost(1.3 * alone, copied);
        AtMost(1.12 * Error(test.Distance(LinearPredictions(once, test))), Error(copied));
    }

    /// <summary>
    /// Trained on months 1 to 9, tested on 10 to 12: a trend is followed further than the last month's value, and a month that means nothing is ignored.
    /// </summary>
    [Fact]
    public void ShiftedMonths_AreNoJumpIntoTheDark()
    {
        MadeUpSet trend = Months(2000, 1, 0.3), later = Months(TestRows, 2, 0.3), flat = Months(2000, 1, 0), laterFlat = Months(TestRows, 2, 0);
        double[] lastMonth = [.. later.Features.Select(x => 2 * x[1] + 0.3 * 9)];

        AtMost(0.85 * later.Distance(lastMonth), later.Distance(FitRegression(trend)));
        AtMost(1.05 * Error(laterFlat.Distance(LinearPredictions(flat, laterFlat))), Error(laterFlat.Distance(FitRegression(flat))));
        MadeUpSet two = Two(2000, 1), twoLater = Two(TestRows, 2);
        AtMost(0.35 * twoLater.Divergence(twoLater.MeanExpected()), twoLater.Divergence(FitBinary(two)));

        static float[] Row(Random random, int seed) => [seed == 1 ? random.Next(1, 10) : random.Next(10, 13), .. MadeUpSet.Normals(random, 3)];
        static MadeUpSet Two(int rows, int seed) => MadeUpSet.Binary(rows, seed, random =>
        {
            float[] x = Row(random, seed);
            return (x, Sigmoid(x[1]));
        });
        static MadeUpSet Months(int rows, int seed, double slope) => MadeUpSet.Regression(rows, seed, Noise, random =>
        {
            float[] x = Row(random, seed);
            return (x, 2 * x[1] + slope * x[0]);
        });
    }

    private static MadeUpSet Linear(int rows, int seed, int columns, int copies) => MadeUpSet.Regression(rows, seed, Noise, random =>
    {
        float[] x = MadeUpSet.Normals(random, columns);
        return ([.. Enumerable.Repeat(x, copies).SelectMany(row => row)], Rule(x));
    });

    private static double Rule(float[] x) => x[0] - x[1] + x[2] / 2;

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The root mean squared error against labels, which have <see cref="Noise"/>.</summary>
    private static double Error(double distance) => Math.Sqrt(distance * distance + Noise * Noise);

    private static double[] LinearPredictions(MadeUpSet training, MadeUpSet test) =>
        new LeastSquares(training.Features, training.Labels()).Predict(test.Features);

    private static void AtMost(double limit, double value) => Assert.True(value <= limit, $"{value:G4} is more than {limit:G4}.");

    private MlpPredictionTransformer FitBinary(MadeUpSet set) => _context.BinaryClassification.Trainers.Mlp().Fit(set.View);

    private MlpPredictionTransformer FitMulticlass(MadeUpSet set) => _context.MulticlassClassification.Trainers.Mlp().Fit(set.View);

    private MlpPredictionTransformer FitRegression(MadeUpSet set) => _context.Regression.Trainers.Mlp().Fit(set.View);
}
