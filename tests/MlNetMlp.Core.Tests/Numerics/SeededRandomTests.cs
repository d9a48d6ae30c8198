using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>The definition of the generator, number by number.</summary>
public sealed class SeededRandomTests
{
    // Expected values from the documented formulas in Python integers; the same Python function of the key 1234567 gives the
    // published outputs of SplitMix64 for that seed (6457827717110365317, 3203168211198807973, ...).
    [Fact]
    public void UInt32_KnownSeedsAndIndices_GivesTheDocumentedNumbers()
    {
        SeededRandom zero = new(0), negative = new(-7), below = new SeededRandom(42).At(3).At(-5);
        Assert.Equal([3986595348u, 2467400289u, 222562840u, 3645004255u], Enumerable.Range(0, 4).Select(i => zero.UInt32(i)));
        Assert.Equal([1790666018u, 2715194353u, 2493717418u], new long[] { 0, 1, 1_000_000_007 }.Select(negative.UInt32));
        Assert.Equal([3046511871u, 4254005876u], new long[] { -1, -2 }.Select(negative.UInt32));
        Assert.Equal([4068960616u, 2972230453u, 3702783794u], Enumerable.Range(0, 3).Select(i => below.UInt32(i)));
        Assert.Equal([692, 618, 742], Enumerable.Range(0, 3).Select(i => below.Below(1000, i)));
    }

    [Fact]
    public void Single_AnyIndex_IsTheUpperBitsOfTheWord()
    {
        SeededRandom random = new(1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal((random.UInt32(i) >> 8) / 16777216.0, random.Single(i));
        }
    }

    [Fact]
    public void Normal_AnyIndex_IsTheBoxMullerFormulaOfTheBlock()
    {
        SeededRandom random = new(2);
        for (int i = 0; i < 1000; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log((random.UInt32(2 * i) + 1.0) / 4294967296.0));
            double angle = 2 * Math.PI * random.UInt32((2 * i) + 1) / 4294967296.0;
            Assert.Equal(radius * Math.Cos(angle), random.Normal(i), 1e-6);
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.8f)]
    [InlineData(0.5f)]
    [InlineData(1e-3f)]
    [InlineData(float.Epsilon)]
    public void FillKeepMask_EveryLengthAndFirstIndex_IsTheElementwiseDefinition(float keep)
    {
        SeededRandom random = new SeededRandom(3).At(1);
        float[] values = new float[70];
        foreach (long first in new[] { 0, 1, 2, 7, 1_000_003, (1L << 40) + 1, -5, long.MaxValue - 100 })
        {
            for (int length = 0; length <= values.Length - 2; length++)
            {
                Array.Fill(values, -1);
                random.FillKeepMask(values.AsSpan(1, length), keep, first);
                Assert.Equal(-1, values[0]);
                Assert.Equal(-1, values[length + 1]);
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal(random.Single(first + i) < keep ? 1 / keep : 0, values[i + 1]);
                }
            }
        }
    }

    [Fact]
    public void FillKeepMask_ProbabilityJustAtAndAboveANumber_DropsItAndKeepsIt()
    {
        SeededRandom random = new(5);
        float[] values = new float[20];
        for (int i = 0; i < 2000; i++)
        {
            float number = random.Single(i);
            foreach (int before in new[] { 0, 1, 2, 9 })
            {
                random.FillKeepMask(values, number, i - before);
                Assert.Equal(0, values[before]);
                random.FillKeepMask(values, MathF.BitIncrement(number), i - before);
                Assert.Equal(1 / MathF.BitIncrement(number), values[before]);
            }
        }
    }

    [Fact]
    public void FillNormalAndFillUniform_AnyParameters_AreTheElementwiseDefinitions()
    {
        SeededRandom random = new(4);
        float[] normal = new float[100], uniform = new float[100];
        random.FillNormal(normal, 3, 0.5f);
        random.FillUniform(uniform, -2, 6);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(3 + (0.5f * random.Normal(i)), normal[i], 1e-6f);
            Assert.Equal(-2 + (8 * random.Single(i)), uniform[i], 1e-6f);
        }
    }

    [Fact]
    public void FillNoise_ManyElements_IsTheNormalNumbersOfDoublePrecision()
    {
        SeededRandom random = new(5);
        float[] noise = new float[200_000];
        random.FillNoise(noise, 0.5f);
        double worst = 0;
        for (int i = 0; i < noise.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(noise[i] - (0.5 * random.Normal(i))));
        }

        // A number from next to 1, where floats are sparse, is the radius with the fewest digits.
        Assert.InRange(worst, 0, 1e-3);
    }

    [Fact]
    public void FillNoise_EveryKernelAndLength_GivesEachElementItsBits()
    {
        float[] expected = new float[600];
        new SeededRandom(6).FillNoise(expected, 2);
        foreach (string kernel in Kernels.AreFused ? Kernels.Names : [])
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            for (int length = 0; length <= 257; length++)
            {
                float[] noise = new float[length];
                new SeededRandom(6).FillNoise(noise, 2);
                TestData.AssertSameBits(expected.AsSpan(0, length), noise, $"{kernel}, length {length}");
            }

            float[] all = new float[expected.Length];
            new SeededRandom(6).FillNoise(all, 2);
            TestData.AssertSameBits(expected, all, kernel);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void FillKeepMask_ProbabilityOutOfRange_Throws(float keep) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).FillKeepMask(new float[1], keep));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Below_BoundTooSmall_Throws(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).Below(bound, 0));
}
