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

    /// <summary>To the last bit, whether or not a vector is full and whether or not values of other columns are missing.</summary>
    [Fact]
    public void MeansAndDeviations_AnyNumberOfColumns_AreThoseOfEachColumnAlone()
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            var moments = new ColumnMoments(columns);
            (double Weight, double Mean, double Squares)[] expected = new (double, double, double)[columns];
            for (int i = 0; i < 30; i++)
            {
                float weight = 1 + i % 3 / 7f;
                float[] row = [.. Enumerable.Range(0, columns).Select(j => j == 2 ? i % 2 : MathF.Sin(31 * i + j) * (j + 1))];
                row[0] = i % 5 == 4 ? float.NaN : row[0];
                moments.Add(row, weight);
                for (int j = 0; j < columns; j++)
                {
                    if (float.IsFinite(row[j]))
                    {
                        double distance = row[j] - expected[j].Mean, sum = expected[j].Weight + weight, mean = expected[j].Mean + distance * weight / sum;
                        expected[j] = (sum, mean, expected[j].Squares + weight * distance * (row[j] - mean));
                    }
                }
            }

            Assert.Equal(expected.Select(column => (float)column.Mean), moments.Means());
            Assert.Equal(expected.Select(column => (float)Math.Sqrt(column.Squares / column.Weight)), moments.Deviations());
            Assert.Equal(Enumerable.Range(0, columns).Select(j => j == 2), Enumerable.Range(0, columns).Select(moments.IsIndicator));
        }
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
