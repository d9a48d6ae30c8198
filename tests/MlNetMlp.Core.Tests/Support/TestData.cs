namespace MlNetMlp.Core.Tests.Support;

/// <summary>Seeded numbers from the runtime's generator, so that they do not depend on the code under test.</summary>
internal static class TestData
{
    /// <summary>Values in [-1, 1).</summary>
    public static void Fill(Span<float> values, int seed)
    {
        Random random = new(seed);
        foreach (ref float value in values)
        {
            value = (random.NextSingle() * 2) - 1;
        }
    }

    public static float[] Values(int length, int seed)
    {
        float[] values = new float[length];
        Fill(values, seed);
        return values;
    }

    /// <summary>The same bits, also of NaN and of the two zeros.</summary>
    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}.");
            }
        }
    }
}
