using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class RowOpsTests
{
    [Fact]
    public void AddColumnSums_EveryNumberOfColumnsBetweenGuardPages_AddsToTheSums()
    {
        using GuardedMemory matrix = new(5 * 256), sums = new(256);
        for (int columns = 0; columns <= 256; columns++)
        {
            for (int end = 0; end < 2; end++)
            {
                Span<float> values = matrix.At(end == 1, 5 * columns), target = sums.At(end == 1, columns);
                TestData.Fill(values, columns);
                target.Fill(3);
                RowOps.AddColumnSums(new(values, 5, columns), target);
                for (int j = 0; j < columns; j++)
                {
                    double expected = 3;
                    for (int i = 0; i < 5; i++)
                    {
                        expected += values[(i * columns) + j];
                    }

                    Assert.Equal(expected, target[j], 5 * Math.ScaleB(8, -24));
                }
            }
        }
    }

    [Fact]
    public void AddColumnSums_WrongLength_Throws() =>
        Assert.Throws<ArgumentException>(() => RowOps.AddColumnSums(new(new float[6], 2, 3), new float[2]));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void SoftmaxInPlace_RandomLogits_AgreesWithDoublePrecision(int length)
    {
        // Far from 0, where softmax without the maximum would overflow.
        float[] row = [.. TestData.Values(length, 5).Select(value => (value * 20) + 500)];
        double[] powers = [.. row.Select(value => Math.Exp(value - row.Max()))];
        RowOps.SoftmaxInPlace(row);
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(1, row[i] / (powers[i] / powers.Sum()), 4 * Math.ScaleB(1, -23));
        }
    }

    [Fact]
    public void SoftmaxInPlace_NegativeInfinityNaNAndEmpty_FollowTheDocumentation()
    {
        float[] impossible = [0, float.NegativeInfinity, 0];
        RowOps.SoftmaxInPlace(impossible);
        Assert.Equal([0.5f, 0, 0.5f], impossible);

        foreach (float bad in new[] { float.NaN, float.PositiveInfinity })
        {
            float[] row = [0, bad, 1];
            RowOps.SoftmaxInPlace(row);
            Assert.All(row, value => Assert.True(float.IsNaN(value)));
        }

        RowOps.SoftmaxInPlace([]);
    }

    [Theory]
    [InlineData(new[] { 0f, 0f }, 0.69314718055994531)]
    [InlineData(new[] { 1000f }, 1000)]
    [InlineData(new[] { -1000f, -1000f, -1000f, -1000f }, -1000 + (2 * 0.69314718055994531))]
    [InlineData(new float[0], double.NegativeInfinity)]
    [InlineData(new[] { 1f, float.PositiveInfinity }, double.PositiveInfinity)]
    [InlineData(new[] { 1f, float.NaN }, double.NaN)]
    public void LogSumExp_KnownRows_GivesTheirClosedForm(float[] row, double expected) =>
        Assert.Equal(expected, RowOps.LogSumExp(row), 1e-12);

    [Fact]
    public void AllFinite_OneBadValueAnywhere_IsSeen()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] values = TestData.Values(length, 6);
            Assert.True(RowOps.AllFinite(values));
            for (int i = 0; i < length; i++)
            {
                foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
                {
                    float good = values[i];
                    values[i] = bad;
                    Assert.False(RowOps.AllFinite(values));
                    values[i] = good;
                }
            }
        }
    }
}
