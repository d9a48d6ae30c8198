using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class BFloat16Tests
{
    /// <summary>Against the definition in double: the nearest multiple of the eighth binary place, an even one between two.</summary>
    [Fact]
    public void Round_IsTheNearestNumberOfEightBits()
    {
        var random = new Random(1);
        foreach (int length in Enumerable.Range(0, 70))
        {
            float[] values = [.. Enumerable.Range(0, length).Select(_ => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-90, 90)))];
            values = [.. values.Select((value, i) => i % 5 == 0 ? BetweenTwo(random) : value)];
            float[] rounded = [.. values], rests = new float[length];

            BFloat16.Round(rounded, rests);

            Assert.Equal(values.Select(Rounded), rounded);
            Assert.Equal(values.Zip(rounded, (value, one) => value - one), rests);
            ushort[] packed = new ushort[length];
            float[] unpacked = new float[length];
            BFloat16.Pack(rounded, packed);
            BFloat16.Unpack(packed, unpacked);
            Assert.Equal(rounded, unpacked);
        }
    }

    /// <summary>Of numbers whose sums are exact, nothing is lost: what was rounded and what is left come to the sum of all.</summary>
    [Fact]
    public void Round_KeepsWhatIsLeft()
    {
        var random = new Random(2);
        float[] rests = new float[37];
        double[] given = new double[rests.Length], got = new double[rests.Length];
        for (int step = 0; step < 50; step++)
        {
            float[] values = [.. Enumerable.Range(0, rests.Length).Select(_ => random.Next(-4000, 4000) / 1024f)];
            values.Index().ToList().ForEach(pair => given[pair.Index] += pair.Item);
            BFloat16.Round(values, rests);
            values.Index().ToList().ForEach(pair => got[pair.Index] += pair.Item);
        }

        Assert.NotEqual(given, got);
        Assert.Equal(given, got.Zip(rests, (sum, rest) => sum + rest));
    }

    [Fact]
    public void Round_LeavesWhatIsNoNumber()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, 0f], rests = new float[5];
        BFloat16.Round(values, rests);
        Assert.Equal([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, 0f], values);
    }

    internal static float Rounded(float value)
    {
        if (value == 0)
        {
            return value;
        }

        int exponent = Math.ILogB(value) - 7;
        return (float)Math.ScaleB(Math.Round(Math.ScaleB((double)value, -exponent), MidpointRounding.ToEven), exponent);
    }

    private static float BetweenTwo(Random random) => random.Next(128, 256) + 0.5f;
}
