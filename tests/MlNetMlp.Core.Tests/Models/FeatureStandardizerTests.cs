using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class FeatureStandardizerTests
{
    [Fact]
    public void Apply_EveryWidth_IsTheFormulaWithTheSameBitsAtAnyPlace()
    {
        for (int width = 1; width <= 40; width++)
        {
            float[] offset = Values(1, width), scale = Values(2, width), x = Values(3, 3 * width), y = new float[3 * width];
            Create(offset, scale).Apply(x, y, 3);
            Assert.Equal(Bits.Of([.. x.Select((value, i) => (value - offset[i % width]) * scale[i % width])]), Bits.Of(y));
        }
    }

    [Fact]
    public void Apply_EveryPlace_FindsWhatIsRefused()
    {
        for (int width = 1; width <= 40; width++)
        {
            FeatureStandardizer standardizer = Create(Values(1, width), Values(2, width));
            for (int feature = 0; feature < width; feature++)
            {
                float[] x = Values(3, 2 * width);
                x[width + feature] = float.NegativeInfinity;
                var refused = Assert.Throws<InvalidFeatureException>(() => standardizer.Apply(x, new float[x.Length], 2));
                Assert.Equal((1, feature), (refused.Row, refused.Feature));
            }
        }
    }

    [Fact]
    public void Apply_InfinityInAnIgnoredColumn_IsRefusedAsWell()
    {
        // Zero times infinity is neither the one nor the other.
        var refused = Assert.Throws<InvalidFeatureException>(() => Create([0, 0], [1, 0]).Apply([1, float.PositiveInfinity], new float[2], 1));
        Assert.Equal((1, float.PositiveInfinity), (refused.Feature, refused.Value));
    }

    private static FeatureStandardizer Create(float[] offset, float[] scale) =>
        new(offset, scale, offset, InvalidValueHandling.Fail, InvalidValueHandling.Fail);

    private static float[] Values(int seed, int length)
    {
        float[] values = new float[length];
        new SeededRandom(seed).FillNormal(values, 0, 1);
        return values;
    }
}
