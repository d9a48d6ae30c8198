using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class InitializerTests
{
    private const int FanIn = 300;
    private const int FanOut = 100;

    /// <summary>Initializer, variance after the papers for 300 inputs and 100 outputs, and the limit of the uniform ones.</summary>
    public static TheoryData<Initializer, double, double> Distributions => new()
    {
        { Initializer.He, 2.0 / 300, double.PositiveInfinity },
        { Initializer.HeUniform, 2.0 / 300, Math.Sqrt(6.0 / 300) },
        { Initializer.GlorotNormal, 2.0 / 400, double.PositiveInfinity },
        { Initializer.GlorotUniform, 2.0 / 400, Math.Sqrt(6.0 / 400) },
        { Initializer.LeCun, 1.0 / 300, double.PositiveInfinity },
        { Initializer.Gaussian(), 1e-4, double.PositiveInfinity },
        { Initializer.Gaussian(0.5f), 0.25, double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Fill_ManyWeights_HaveTheMomentsOfThePaper(Initializer initializer, double variance, double limit)
    {
        float[] weights = Fill(initializer, FanIn, FanOut, seed: 1);
        double deviation = Math.Sqrt(variance);
        double mean = weights.Average(weight => (double)weight);
        double found = weights.Average(weight => (weight - mean) * (weight - mean));

        // Four standard errors of 30,000 draws; the fan-in and the fan-out exchanged would be off by more than ten times that.
        Assert.InRange(mean, -4 * deviation / Math.Sqrt(weights.Length), 4 * deviation / Math.Sqrt(weights.Length));
        Assert.InRange(found / variance, 1 - (4 * Math.Sqrt(2.0 / weights.Length)), 1 + (4 * Math.Sqrt(2.0 / weights.Length)));

        double largest = weights.Max(weight => Math.Abs((double)weight));
        if (double.IsFinite(limit))
            Assert.InRange(largest, 0.999 * limit, 1.000001 * limit);
        else
            Assert.InRange(largest, 3 * deviation, 7 * deviation);
    }

    [Fact]
    public void Fill_FansExchanged_FollowTheRowsOfTheMatrix()
    {
        // [inputs, outputs]: a wide input makes small weights with He and does not matter to a square root of the sum with Glorot.
        Assert.True(Spread(Initializer.He, 400, 4) < 0.2 * Spread(Initializer.He, 4, 400));
        Assert.Equal(Spread(Initializer.GlorotUniform, 400, 4), Spread(Initializer.GlorotUniform, 4, 400), 1e-6);

        static double Spread(Initializer initializer, int fanIn, int fanOut) =>
            Math.Sqrt(Fill(initializer, fanIn, fanOut, seed: 1).Average(weight => (double)weight * weight));
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Fill_SameGenerator_SameBits(Initializer initializer, double variance, double limit)
    {
        _ = (variance, limit);
        Assert.Equal(Fill(initializer, FanIn, FanOut, seed: 5), Fill(initializer, FanIn, FanOut, seed: 5));
        Assert.NotEqual(Fill(initializer, FanIn, FanOut, seed: 5), Fill(initializer, FanIn, FanOut, seed: 6));
    }

    [Fact]
    public void Fill_Zero_OverwritesWhatWasThere()
    {
        float[] weights = [1, 2, 3, 4, 5, 6];
        Initializer.Zero.Fill(weights, 2, 3, new SeededRandom(1));
        Assert.All(weights, weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Fill_LengthDoesNotFitTheFans_Throws()
    {
        Assert.Throws<ArgumentException>(() => Initializer.He.Fill(new float[5], 2, 3, new SeededRandom(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.He.Fill([], 0, 3, new SeededRandom(1)));
    }

    [Fact]
    public void Initializers_AreComparedAndPrintedByWhatTheyAre()
    {
        Assert.Equal(Initializer.Gaussian(0.5f), Initializer.Gaussian(0.5f));
        Assert.NotEqual(Initializer.He, Initializer.HeUniform);
        Assert.Equal("GlorotUniform", Initializer.GlorotUniform.ToString());
        Assert.Equal("Gaussian(0.01)", Initializer.Gaussian().ToString());
        Assert.Equal("Zero", Initializer.Zero.ToString());
    }

    private static float[] Fill(Initializer initializer, int fanIn, int fanOut, int seed)
    {
        var weights = new float[fanIn * fanOut];
        initializer.Fill(weights, fanIn, fanOut, new SeededRandom(seed));
        return weights;
    }
}
