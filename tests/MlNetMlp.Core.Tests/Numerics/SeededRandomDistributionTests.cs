using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Whether the numbers look random. The seeds are fixed, so a test that passes once passes always.</summary>
public sealed class SeededRandomDistributionTests
{
    private const int Count = 1 << 18;

    /// <summary>A result farther from its mean than five standard deviations has a probability of one in two million.</summary>
    private const double Sigmas = 5;

    [Fact]
    public void Single_ManyIndices_HasTheMomentsOfTheUniformDistribution() =>
        AssertMoments(new SeededRandom(11).Single, mean: 0.5, variance: 1.0 / 12, fourth: 1.0 / 80);

    [Fact]
    public void Normal_ManyIndices_HasTheMomentsOfTheNormalDistribution()
    {
        SeededRandom random = new(12);
        AssertMoments(random.Normal, mean: 0, variance: 1, fourth: 3);
        double third = Enumerable.Range(0, Count).Average(i => Math.Pow(random.Normal(i), 3));
        double fourth = Enumerable.Range(0, Count).Average(i => Math.Pow(random.Normal(i), 4));
        Assert.Equal(0, third, Sigmas * Math.Sqrt(15.0 / Count));
        Assert.Equal(3, fourth, Sigmas * Math.Sqrt(96.0 / Count));
    }

    [Fact]
    public void FillKeepMask_ManyElements_KeepsTheFractionAndTheMean()
    {
        float[] mask = new float[Count];
        new SeededRandom(13).FillKeepMask(mask, 0.7f);
        Assert.Equal(0.7, mask.Count(value => value > 0) / (double)Count, Sigmas * Math.Sqrt(0.7 * 0.3 / Count));
        Assert.Equal(1, mask.Average(value => (double)value), Sigmas * Math.Sqrt(0.3 / 0.7 / Count));
    }

    public static TheoryData<string> Walks => ["index", "address", "seed", "deep address"];

    /// <summary>Along each way to address a number: neighbours are not correlated, in value and bit by bit.</summary>
    [Theory]
    [MemberData(nameof(Walks))]
    public void UInt32_NeighbouringAddresses_AreIndependent(string walk)
    {
        Func<int, uint> at = Walk(walk);
        double product = 0;
        int[] flips = new int[32];
        uint former = at(0);
        for (int i = 1; i <= Count; i++)
        {
            uint next = at(i);
            product += ((former / 4294967296.0) - 0.5) * ((next / 4294967296.0) - 0.5);
            for (int bit = 0; bit < 32; bit++)
            {
                flips[bit] += (int)(((former ^ next) >> bit) & 1);
            }

            former = next;
        }

        Assert.Equal(0, product / Count, Sigmas / 12 / Math.Sqrt(Count));
        Assert.All(flips, count => Assert.Equal(0.5, count / (double)Count, Sigmas * 0.5 / Math.Sqrt(Count)));
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void UInt32_HighAndLowBytes_AreUniformByChiSquare(string walk)
    {
        Func<int, uint> at = Walk(walk);
        foreach (int shift in new[] { 0, 8, 16, 24 })
        {
            int[] counts = new int[256];
            for (int i = 0; i < Count; i++)
            {
                counts[(at(i) >> shift) & 255]++;
            }

            AssertUniform(counts);
        }
    }

    [Fact]
    public void UInt32_PairsOfNeighbours_AreUniformByChiSquare()
    {
        SeededRandom random = new(15);
        int[] counts = new int[256];
        for (int i = 0; i < Count; i++)
        {
            counts[((random.UInt32(2L * i) >> 28) << 4) | (random.UInt32((2L * i) + 1) >> 28)]++;
        }

        AssertUniform(counts);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Below_ManyIndices_IsUniformByChiSquare(int bound)
    {
        SeededRandom random = new(16);
        int[] counts = new int[bound];
        for (int i = 0; i < Count; i++)
        {
            counts[random.Below(bound, i)]++;
        }

        AssertUniform(counts);
    }

    [Fact]
    public void Shuffle_ManyAddresses_GivesAllOrdersOfFourEquallyOften()
    {
        SeededRandom random = new(17);
        Dictionary<string, int> counts = [];
        for (int i = 0; i < 48_000; i++)
        {
            int[] values = [0, 1, 2, 3];
            random.At(i).Shuffle(values);
            string order = string.Concat(values);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        AssertUniform([.. counts.Values]);
    }

    [Fact]
    public void Shuffle_LongSpan_IsAPermutationThatDependsOnTheKeyOnly()
    {
        int[] first = [.. Enumerable.Range(0, 1000)], again = [.. first], other = [.. first];
        new SeededRandom(18).At(1).Shuffle(first);
        new SeededRandom(18).At(1).Shuffle(again);
        new SeededRandom(18).At(2).Shuffle(other);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
    }

    [Fact]
    public void At_ChainsOfAddresses_DoNotCommuteOrMeet()
    {
        SeededRandom random = new(19);
        HashSet<uint> seen = [];
        for (int epoch = 0; epoch < 30; epoch++)
        {
            for (int batch = 0; batch < 30; batch++)
            {
                Assert.True(seen.Add(random.At(epoch).At(batch).UInt32(0)));
            }
        }
    }

    private static Func<int, uint> Walk(string walk)
    {
        SeededRandom random = new(14);
        return walk switch
        {
            "index" => i => random.UInt32(i),
            "address" => i => random.At(i).UInt32(0),
            "seed" => i => new SeededRandom(i).UInt32(0),
            _ => i => random.At(7).At(i).At(3).UInt32(5),
        };
    }

    private static void AssertMoments(Func<long, float> sample, double mean, double variance, double fourth)
    {
        double average = Enumerable.Range(0, Count).Average(i => (double)sample(i));
        double spread = Enumerable.Range(0, Count).Average(i => Math.Pow(sample(i) - mean, 2));
        Assert.Equal(mean, average, Sigmas * Math.Sqrt(variance / Count));
        Assert.Equal(variance, spread, Sigmas * Math.Sqrt((fourth - (variance * variance)) / Count));
    }

    /// <summary>Pearson's chi-square: its mean is the number of degrees of freedom, its variance twice that.</summary>
    private static void AssertUniform(int[] counts)
    {
        double expected = counts.Average();
        double chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        int freedom = counts.Length - 1;
        Assert.Equal(freedom, chiSquare, Sigmas * Math.Sqrt(2.0 * freedom));
    }
}
