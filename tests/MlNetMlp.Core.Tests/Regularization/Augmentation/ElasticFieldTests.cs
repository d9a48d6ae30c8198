using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class ElasticFieldTests
{
    [Theory]
    [InlineData(28, 28, 4)]
    [InlineData(7, 40, 2.5)]
    [InlineData(8, 8, 4)]
    [InlineData(1, 5, 1)]
    [InlineData(6, 1, 0.7)]
    [InlineData(3, 3, 30)]
    [InlineData(5, 4, 1e-6)]
    public void Draw_AnySize_IsTheNoiseUnderAGaussian(int width, int height, double sigma)
    {
        var field = new ElasticField(width, height, sigma);
        var random = new SeededRandom(3);
        field.Draw(new SeededRandom(9));
        field.Draw(random);

        float[] noise = new float[width * height];
        random.FillUniform(noise, -1, 1);
        (int radius, double[] weights) = Gaussian(sigma);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double expected = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    for (int j = 0; j < weights.Length; j++)
                    {
                        expected += weights[i] * weights[j] * noise[(y + i) % height * width + (x + j) % width];
                    }
                }

                Assert.Equal(expected, field.Values[y * field.Stride + x], 1e-6);
            }
        }

        Assert.True(radius >= 1);
    }

    [Fact]
    public void Draw_ManyTimes_HasTheDeviationAndTheSmoothnessOfAGaussianEverywhere()
    {
        const int Size = 24, Draws = 4000;
        const double Sigma = 2;
        var field = new ElasticField(Size, Size, Sigma);
        (int X, int Y)[] places = [(0, 0), (23, 11), (12, 12)];
        double[] mean = new double[places.Length], square = new double[places.Length], next = new double[places.Length], far = new double[places.Length];
        for (int i = 0; i < Draws; i++)
        {
            field.Draw(new SeededRandom(1).At(i));
            for (int k = 0; k < places.Length; k++)
            {
                double value = At(places[k].X, places[k].Y);
                mean[k] += value / Draws;
                square[k] += value * value / Draws;
                next[k] += value * At((places[k].X + 1) % Size, places[k].Y) / Draws;
                far[k] += value * At(places[k].X, (places[k].Y + 9) % Size) / Draws;
            }
        }

        // The variance 1/3 of the noise times the sum of the squared weights along both axes; neighbours correlate as the weights do.
        (_, double[] weights) = Gaussian(Sigma);
        double along = weights.Sum(weight => weight * weight), variance = along * along / 3, deviation = Math.Sqrt(variance), four = 4 / Math.Sqrt(Draws);
        Assert.Equal(0.16 / Sigma, deviation, 0.01 / Sigma);
        Assert.All(mean, value => Assert.Equal(0, value / deviation, four));
        Assert.All(square, value => Assert.Equal(1, value / variance, four * Math.Sqrt(2)));
        Assert.All(next, value => Assert.Equal(weights.Zip(weights.Skip(1), (one, other) => one * other).Sum() / along, value / variance, four * Math.Sqrt(2)));
        Assert.All(far, value => Assert.Equal(0, value / variance, four + 0.01));

        double At(int x, int y) => field.Values[y * field.Stride + x];
    }

    private static (int Radius, double[] Weights) Gaussian(double sigma)
    {
        int radius = (int)Math.Ceiling(3 * sigma);
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(t => Math.Exp(-0.5 * Math.Pow(t / sigma, 2)))];
        double sum = weights.Sum();
        return (radius, [.. weights.Select(weight => weight / sum)]);
    }
}
