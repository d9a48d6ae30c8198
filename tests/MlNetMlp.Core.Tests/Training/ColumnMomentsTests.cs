namespace MlNetMlp.Core.Tests;

public class ColumnMomentsTests
{
    [Fact]
    public void MeansAndDeviations_WeightedRows_EqualTheFormulas()
    {
        var moments = new ColumnMoments(2);
        moments.Add([1, 10], 1);
        moments.Add([4, 10], 2);
        moments.Add([99, 99], 0);
        moments.Add([float.NaN, float.PositiveInfinity], 5);

        // Mean (1 + 4 + 4) / 3 = 3, variance (4 + 1 + 1) / 3 = 2; the second column is constant.
        Assert.Equal([3, 10], moments.Means());
        Assert.Equal(Math.Sqrt(2), moments.Deviations()[0], 1e-6);
        Assert.Equal(0, moments.Deviations()[1]);
    }

    [Fact]
    public void Deviations_LargeMean_KeepsItsDigits()
    {
        var moments = new ColumnMoments(1);
        for (int i = 0; i < 1000; i++)
        {
            moments.Add([1_000_000 + i % 2], 1);
        }

        Assert.Equal(0.5, moments.Deviations()[0], 1e-6);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(-1 / 3f)]
    [InlineData(1e30f)]
    [InlineData(3.3e-39f)]
    public void Deviations_ConstantColumn_IsExactlyZero(float value)
    {
        var moments = new ColumnMoments(1);
        for (int i = 0; i < 1000; i++)
        {
            moments.Add([value], 0.7f / (i + 1));
        }

        Assert.Equal([0], moments.Deviations());
        Assert.Equal([value], moments.Means());
    }

    [Fact]
    public void MeansAndDeviations_NothingFinite_AreZero()
    {
        var moments = new ColumnMoments(1);
        moments.Add([float.NaN], 1);
        Assert.Equal([0], moments.Means());
        Assert.Equal([0], moments.Deviations());
    }

    [Fact]
    public void Deviations_SpreadTooSmallToInvert_IsZero()
    {
        var moments = new ColumnMoments(1);
        moments.Add([0], 1);
        moments.Add([float.Epsilon], 1);
        Assert.Equal([0], moments.Deviations());
    }
}
