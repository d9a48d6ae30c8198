using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>Rows of a generator that is known, so that predictions are compared with what is to be expected and not with labels that were drawn.</summary>
public sealed class MadeUpSet
{
    private readonly ViewColumn _label;

    private MadeUpSet(float[][] features, double[][] expected, ViewColumn label) => (Features, Expected, _label) = (features, expected, label);

    /// <summary>The features of each row.</summary>
    public float[][] Features { get; }

    /// <summary>The probability of each class, of a single positive class, or the mean of the label.</summary>
    public double[][] Expected { get; }

    public RowsView View => new(Features.Length, _label, ViewColumn.Vector("Features", Features[0].Length, row => Features[row]));

    /// <summary>Two classes.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">The seed of features and labels.</param>
    /// <param name="generate">Features and the probability of the positive class.</param>
    public static MadeUpSet Binary(int rows, int seed, Func<Random, (float[] Features, double Probability)> generate)
    {
        (float[][] features, double[][] expected, double[] uniform) = Generate(rows, seed, random => Row(generate(random)), random => random.NextDouble());
        return new(features, expected, ViewColumn.Boolean("Label", row => uniform[row] < expected[row][0]));
    }

    /// <summary>Some classes.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">The seed of features and labels.</param>
    /// <param name="generate">Features and the probability of each class.</param>
    public static MadeUpSet Multiclass(int rows, int seed, Func<Random, (float[] Features, double[] Probabilities)> generate)
    {
        (float[][] features, double[][] expected, double[] uniform) = Generate(rows, seed, generate, random => random.NextDouble());
        return new(features, expected, ViewColumn.Key("Label", expected[0].Length, row => 1 + ClassAt(expected[row], uniform[row])));
    }

    /// <summary>A number with normal noise.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="seed">The seed of features and labels.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    /// <param name="generate">Features and the mean of the label.</param>
    public static MadeUpSet Regression(int rows, int seed, double noise, Func<Random, (float[] Features, double Mean)> generate)
    {
        (float[][] features, double[][] expected, double[] normal) = Generate(rows, seed, random => Row(generate(random)), random => Normal(random));
        return new(features, expected, ViewColumn.Number("Label", row => (float)(expected[row][0] + noise * normal[row])));
    }

    /// <summary>So many standard normal numbers.</summary>
    public static float[] Normals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)Normal(random))];

    /// <summary>The labels of a regression.</summary>
    public float[] Labels() => [.. View.GetColumn<float>("Label")];

    /// <summary>How many nats the probabilities of a model lose against those of the generator: the mean divergence from these.</summary>
    public double Divergence(ITransformer model) => Divergence(Predictions(model));

    /// <summary>The same of one prediction for all rows: the shares of the classes in other rows, say.</summary>
    public double Divergence(double[] prediction) => Divergence(Enumerable.Repeat(prediction, Expected.Length));

    /// <summary>The root of the mean squared distance of a model's scores from the means of the labels: the noise is not counted.</summary>
    public double Distance(ITransformer model) => Distance([.. Predictions(model).Select(scores => scores[0])]);

    /// <summary>The same of one prediction for each row.</summary>
    public double Distance(double[] predictions) => Math.Sqrt(predictions.Select((prediction, row) => Math.Pow(prediction - Expected[row][0], 2)).Average());

    /// <summary>The mean of what is expected: of the best prediction that is the same for all rows.</summary>
    public double[] MeanExpected() => [.. Enumerable.Range(0, Expected[0].Length).Select(k => Expected.Average(row => row[k]))];

    /// <summary>What a model says of each row: probabilities of classes, or the score of a regression.</summary>
    public double[][] Predictions(ITransformer model)
    {
        IDataView scored = model.Transform(View);
        string column = scored.Schema.GetColumnOrNull("Probability") is null ? "Score" : "Probability";
        return scored.Schema[column].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>(column).Select(values => Array.ConvertAll(values, value => (double)value))]
            : [.. scored.GetColumn<float>(column).Select(value => (double[])[value])];
    }

    private double Divergence(IEnumerable<double[]> predictions) => predictions.Select((prediction, row) =>
    {
        double[] expected = Expected[row];
        double sum = expected.Select((p, k) => Term(p, prediction[k])).Sum();
        return expected.Length > 1 ? sum : sum + Term(1 - expected[0], 1 - prediction[0]);
    }).Average();

    private static double Term(double expected, double predicted) => expected == 0 ? 0 : expected * Math.Log(expected / predicted);

    private static (float[] Features, double[] Expected) Row((float[] Features, double Expected) row) => (row.Features, [row.Expected]);

    private static (float[][] Features, double[][] Expected, double[] Drawn) Generate(
        int rows, int seed, Func<Random, (float[] Features, double[] Expected)> generate, Func<Random, double> draw)
    {
        var random = new Random(seed);
        var generated = Enumerable.Range(0, rows).Select(_ => (Row: generate(random), Drawn: draw(random))).ToArray();
        return ([.. generated.Select(x => x.Row.Features)], [.. generated.Select(x => x.Row.Expected)], [.. generated.Select(x => x.Drawn)]);
    }

    private static uint ClassAt(double[] probabilities, double uniform)
    {
        uint @class = 0;
        for (double sum = probabilities[0]; sum <= uniform && @class + 1 < probabilities.Length; sum += probabilities[++@class])
        {
        }

        return @class;
    }

    /// <summary>The sum of twelve uniform numbers, which has mean 6 and variance 1, would have no tails: hence Box and Muller.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
