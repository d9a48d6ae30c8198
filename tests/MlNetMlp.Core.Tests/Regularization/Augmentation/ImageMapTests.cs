using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class ImageMapTests
{
    private const int Draws = 20_000;

    [Fact]
    public void Draw_Shifts_AreUniformAndIndependent()
    {
        ImageMap[] maps = Maps(new(9, 5) { HorizontalShift = 3, VerticalShift = 0.5f });
        AssertUniform([.. maps.Select(map => -(double)map.X)], -3, 3);
        AssertUniform([.. maps.Select(map => -(double)map.Y)], -0.5, 0.5);
        Assert.Equal(0, maps.Average(map => map.X * map.Y) / (1.5 / 3), 4 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Draw_Rotations_AreUniform() =>
        AssertUniform([.. Maps(new(9, 5) { Rotation = 20 }).Select(map => Math.Atan2(map.Xy, map.Xx) * 180 / Math.PI)], -20, 20);

    [Fact]
    public void Draw_Scales_AreUniformAndTheSameInBothDirections()
    {
        ImageMap[] maps = Maps(new(9, 5) { Scale = 0.25f });
        AssertUniform([.. maps.Select(map => 1.0 / map.Xx)], 0.75, 1.25);
        Assert.All(maps, map => Assert.Equal(map.Xx, map.Yy));
    }

    [Fact]
    public void Draw_Stretches_AreUniformAndIndependentInBothDirections()
    {
        ImageMap[] maps = Maps(new(9, 5) { HorizontalStretch = 0.5f, VerticalStretch = 0.25f });
        AssertUniform([.. maps.Select(map => 1.0 / map.Xx)], 0.5, 1.5);
        AssertUniform([.. maps.Select(map => 1.0 / map.Yy)], 0.75, 1.25);
        Assert.All(maps, map => Assert.Equal((0, 0), (map.Xy, map.Yx)));
        double covariance = maps.Average(map => (1 / map.Xx - 1.0) * (1 / map.Yy - 1.0));
        Assert.Equal(0, covariance, 4 * 0.5 * 0.25 / 3 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Draw_Shears_AreUniformInTheirAngle() =>
        AssertUniform([.. Maps(new(9, 5) { Shear = 60 }).Select(map => Math.Atan(-map.Xy) * 180 / Math.PI)], -60, 60);

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Draw_Flips_HaveTheirProbabilities(double probability)
    {
        ImageMap[] maps = Maps(new(9, 5) { HorizontalFlip = (float)probability, VerticalFlip = 0.5f });
        double tolerance = 4 * Math.Sqrt(probability * (1 - probability) / Draws);
        Assert.Equal(probability, maps.Average(map => map.Xx < 0 ? 1 : 0), tolerance);
        Assert.Equal(0.5, maps.Average(map => map.Yy < 0 ? 1 : 0), 2 / Math.Sqrt(Draws));
        Assert.Equal(probability / 2, maps.Average(map => map.Xx < 0 && map.Yy < 0 ? 1 : 0), 2 / Math.Sqrt(Draws));
    }

    [Fact]
    public void Draw_NoRanges_IsTheIdentity() => Assert.All(Maps(new(9, 5)), map => Assert.Equal(ImageMap.Identity, map));

    private static ImageMap[] Maps(ImageAugmentation ranges) =>
        [.. Enumerable.Range(0, Draws).Select(i => ImageMap.Draw(ranges, new RowRandom(new SeededRandom(6).At(i))))];

    /// <summary>Range, mean and variance of the uniform distribution; four standard deviations of either estimate.</summary>
    private static void AssertUniform(double[] values, double low, double high)
    {
        double half = (high - low) / 2, middle = (low + high) / 2, rounding = 1e-5 * half;
        Assert.InRange(values.Min(), low - rounding, low + 0.01 * half);
        Assert.InRange(values.Max(), high - 0.01 * half, high + rounding);
        Assert.Equal(middle, values.Average(), 4 * half / Math.Sqrt(3 * Draws));
        Assert.Equal(1 / 3.0, values.Average(value => Math.Pow((value - middle) / half, 2)), 4 * Math.Sqrt(4 / 45.0 / Draws));
    }
}
