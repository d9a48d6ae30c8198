using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class GradientClippingTests : IDisposable
{
    private readonly ThreadTeam _team = new(2);

    public void Dispose() => _team.Dispose();

    /// <summary>Against sums in double precision, element by element.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void Apply_LongGradientOnAnyThreads_HasTheSameBits(int threads)
    {
        using var team = new ThreadTeam(threads);
        foreach (GradientClipping clipping in (GradientClipping[])[GradientClipping.ByNorm(0.5f), GradientClipping.ByValue(0.5f)])
        {
            float[] gradients = TestData.Values(100_003, 1), expected = [.. gradients];
            double norm = clipping.Apply(gradients, team), exact = Math.Sqrt(expected.Sum(value => (double)value * value));
            Assert.Equal(exact, norm, 1e-13 * exact);
            Assert.Equal(clipping.Apply([.. expected], _team), norm);
            float factor = (float)(0.5 / norm);
            Assert.Equal(expected.Select(value => clipping is ClipByNorm ? value * factor : Math.Clamp(value, -0.5f, 0.5f)), gradients);
        }
    }

    [Fact]
    public void ByValue_LargeElements_AreSetToTheLimit()
    {
        float[] gradients = [0.5f, -0.5f, 3, -7, 0, 2];
        double norm = GradientClipping.ByValue(2).Apply(gradients, _team);
        Assert.Equal([0.5f, -0.5f, 2, -2, 0, 2], gradients);
        Assert.Equal(Math.Sqrt(0.25 + 0.25 + 9 + 49 + 4), norm, 1e-12);
    }

    [Fact]
    public void ByNorm_LongGradient_IsScaledToTheNorm()
    {
        float[] gradients = [3, -4, 12];
        Assert.Equal(13, GradientClipping.ByNorm(6.5f).Apply(gradients, _team), 1e-12);
        Assert.Equal([1.5f, -2, 6], gradients);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    public void ByNorm_ShortGradient_StaysAsItIs(float norm)
    {
        float[] gradients = [3, -4, 12];
        Assert.Equal(13, GradientClipping.ByNorm(norm).Apply(gradients, _team), 1e-12);
        Assert.Equal([3, -4, 12], gradients);
    }

    [Fact]
    public void ByNorm_ManySmallElementsBesideALargeOne_AreCountedInDouble()
    {
        // In single precision 1e8 + 1e-4 is 1e8, and the hundred thousand small ones would vanish.
        float[] gradients = [10_000, .. Enumerable.Repeat(0.01f, 100_000)];
        double expected = Math.Sqrt(1e8 + (100_000 * (double)0.01f * 0.01f));
        Assert.Equal(expected, GradientClipping.ByNorm(1e9f).Apply(gradients, _team), 1e-9);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Apply_NotFinite_ShowsInTheNorm(float bad)
    {
        Assert.False(double.IsFinite(GradientClipping.ByNorm(1).Apply(new[] { 1, 2, bad }, _team)));
        Assert.False(double.IsFinite(GradientClipping.ByValue(1).Apply(new[] { 1, 2, bad }, _team)));
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.PositiveInfinity, 1)]
    public void Apply_NotFinite_IsNotHiddenByScaling(float bad, float limited)
    {
        float[] byNorm = [1, 2, bad];
        float[] byValue = [1, 2, bad];
        GradientClipping.ByNorm(1).Apply(byNorm, _team);
        GradientClipping.ByValue(1).Apply(byValue, _team);
        Assert.Equal([1, 2, bad], byNorm);
        Assert.Equal([1, 1, limited], byValue);
    }

    [Fact]
    public void Apply_NoGradients_IsZero()
    {
        Assert.Equal(0, GradientClipping.ByNorm(1).Apply([], _team));
        Assert.Equal(0, GradientClipping.ByValue(1).Apply([], _team));
    }
}
