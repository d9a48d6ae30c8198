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
        { Initializer.Uniform(), 1 / 3.0, 1 },
        { Initializer.Uniform(0.5f), 0.25 / 3, 0.5 },
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
        {
            Assert.InRange(largest, 0.999 * limit, 1.000001 * limit);
        }
        else
        {
            Assert.InRange(largest, 3 * deviation, 7 * deviation);
        }
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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(1, 6)]
    [InlineData(40, 40)]
    [InlineData(61, 40)]
    [InlineData(40, 61)]
    public void Fill_Orthogonal_VectorsOfTheShorterSideAreOrthogonalAndAsLongAsTheGain(int fanIn, int fanOut)
    {
        const float Gain = 1.5f;
        float[] weights = Fill(Initializer.Orthogonal(Gain), fanIn, fanOut, seed: 3);
        int count = Math.Min(fanIn, fanOut);
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                double product = fanOut <= fanIn
                    ? Enumerable.Range(0, fanIn).Sum(row => (double)weights[(row * fanOut) + i] * weights[(row * fanOut) + k])
                    : Enumerable.Range(0, fanOut).Sum(column => (double)weights[(i * fanOut) + column] * weights[(k * fanOut) + column]);

                // What rounding to single precision leaves; normal vectors have products of 0.1 here.
                Assert.Equal(i == k ? Gain * Gain : 0, product, 1e-6);
            }
        }
    }

    [Fact]
    public void Fill_OrthogonalManyTimes_AllDirectionsAreEquallyLikely()
    {
        // An element of a random direction in n dimensions has mean 0 and variance 1 / n. Four standard errors of 4000 draws; for n = 3
        // an element is uniform in [-1, 1], so its square has the variance 4 / 45.
        const int Draws = 4000;
        float[][] matrices = [.. Enumerable.Range(0, Draws).Select(seed => Fill(Initializer.Orthogonal(), 3, 3, seed))];
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(0, matrices.Average(matrix => (double)matrix[i]), 4 / Math.Sqrt(3 * Draws));
            Assert.Equal(1.0 / 3, matrices.Average(matrix => (double)matrix[i] * matrix[i]), 4 * Math.Sqrt(4.0 / 45 / Draws));
        }

        // Reflections as often as rotations.
        Assert.Equal(0.5, matrices.Average(matrix => Determinant(matrix) > 0 ? 1.0 : 0), 4 * 0.5 / Math.Sqrt(Draws));

        static double Determinant(float[] m) =>
            (m[0] * ((m[4] * m[8]) - (m[5] * m[7]))) - (m[1] * ((m[3] * m[8]) - (m[5] * m[6]))) + (m[2] * ((m[3] * m[7]) - (m[4] * m[6])));
    }

    [Theory]
    [InlineData(300, 15)]
    [InlineData(15, 15)]
    [InlineData(4, 4)]
    public void Fill_Sparse_EachUnitHasSoManyInputs(int fanIn, int expected)
    {
        const int Units = 50;
        float[] weights = Fill(Initializer.Sparse(), fanIn, Units, seed: 4);
        for (int unit = 0; unit < Units; unit++)
        {
            Assert.Equal(expected, Enumerable.Range(0, fanIn).Count(row => weights[(row * Units) + unit] != 0));
        }
    }

    [Fact]
    public void Fill_Sparse_HasTheMomentsOfThePaperAndAnyInputIsAsLikelyAsAnother()
    {
        const int Inputs = 20;
        const int Units = 10_000;
        const int Each = 6;
        float[] weights = Fill(Initializer.Sparse(Each, 0.5f), Inputs, Units, seed: 5);
        double[] values = [.. weights.Where(weight => weight != 0).Select(weight => (double)weight)];
        Assert.Equal(Each * Units, values.Length);

        // Four standard errors each.
        Assert.Equal(0, values.Average(), 4 * 0.5 / Math.Sqrt(values.Length));
        Assert.InRange(values.Average(value => value * value) / 0.25, 1 - (4 * Math.Sqrt(2.0 / values.Length)), 1 + (4 * Math.Sqrt(2.0 / values.Length)));
        for (int row = 0; row < Inputs; row++)
        {
            int used = weights.AsSpan(row * Units, Units).ToArray().Count(weight => weight != 0);
            Assert.Equal(0.3, used / (double)Units, 4 * Math.Sqrt(0.3 * 0.7 / Units));
        }
    }

    [Fact]
    public void Fill_SparseManyTimes_AnyPairOfInputsIsAsLikelyAsAnother()
    {
        const int Draws = 4000;
        float[][] units = [.. Enumerable.Range(0, Draws).Select(seed => Fill(Initializer.Sparse(2), 5, 1, seed))];
        for (int first = 0; first < 5; first++)
        {
            for (int second = 0; second < first; second++)
            {
                Assert.Equal(0.1, units.Count(unit => unit[first] != 0 && unit[second] != 0) / (double)Draws, 4 * Math.Sqrt(0.1 * 0.9 / Draws));
            }
        }
    }

    [Fact]
    public void Fill_OrthogonalOrSparse_SameGeneratorSameBitsAndNothingIsLeft()
    {
        foreach (Initializer initializer in (Initializer[])[Initializer.Orthogonal(), Initializer.Sparse(3)])
        {
            float[] first = Fill(initializer, 12, 9, seed: 5);
            float[] second = [.. Enumerable.Repeat(7f, first.Length)];
            initializer.Fill(second, 12, 9, new SeededRandom(5));
            Assert.Equal(first, second);
            Assert.NotEqual(first, Fill(initializer, 12, 9, seed: 6));
        }
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
        Assert.Equal(Initializer.Orthogonal(2), Initializer.Orthogonal(2));
        Assert.NotEqual(Initializer.Sparse(3), Initializer.Sparse(4));
        Assert.Equal("Orthogonal(1.5)", Initializer.Orthogonal(1.5f).ToString());
        Assert.Equal("Sparse(15, 0.5)", Initializer.Sparse(15, 0.5f).ToString());
        Assert.Equal("Zero", Initializer.Zero.ToString());
    }

    private static float[] Fill(Initializer initializer, int fanIn, int fanOut, int seed)
    {
        var weights = new float[fanIn * fanOut];
        initializer.Fill(weights, fanIn, fanOut, new SeededRandom(seed));
        return weights;
    }
}
