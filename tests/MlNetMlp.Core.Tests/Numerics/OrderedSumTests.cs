using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class OrderedSumTests
{
    [Fact]
    public void Sums_EveryLength_EqualThePartialSumsAddedInOrder()
    {
        float[] all = new float[256];
        new SeededRandom(3).FillNormal(all, 0.1f, 1);
        for (int length = 0; length <= all.Length; length++)
        {
            float[] values = all[..length];
            Assert.Equal(Expected(values, value => value * value), OrderedSum.OfSquares(values));
            Assert.Equal(Expected(values, Math.Abs), OrderedSum.OfMagnitudes(values));
        }

        // The documented order, in plain loops; so equality is exact.
        static double Expected(float[] values, Func<double, double> term)
        {
            var partial = new double[32];
            for (int i = 0; i < values.Length; i++)
            {
                partial[i % 32] += term(values[i]);
            }

            return partial.Aggregate(0.0, (sum, part) => sum + part);
        }
    }

    [Fact]
    public void OfProducts_EveryLength_EqualsThePartialSumsAddedInOrder()
    {
        float[] left = new float[256], right = new float[256];
        new SeededRandom(3).FillNormal(left, 0.1f, 1);
        new SeededRandom(4).FillNormal(right, 0.1f, 1);
        for (int length = 0; length <= left.Length; length++)
        {
            var partial = new double[32];
            for (int i = 0; i < length; i++)
            {
                partial[i % 32] += (double)left[i] * right[i];
            }

            Assert.Equal(partial.Aggregate(0.0, (sum, part) => sum + part), OrderedSum.OfProducts(left.AsSpan(0, length), right.AsSpan(0, length)));
        }

        Assert.Throws<ArgumentException>(() => OrderedSum.OfProducts(left, right.AsSpan(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void OfSquares_NaNAnywhere_IsNaN(int index)
    {
        float[] values = new float[21];
        values[index] = float.NaN;
        Assert.True(double.IsNaN(OrderedSum.OfSquares(values)));
        Assert.True(double.IsNaN(OrderedSum.OfMagnitudes(values)));
    }

    [Fact]
    public void OfSquares_LargestFloats_DoesNotOverflow()
    {
        Assert.Equal(2 * (double)float.MaxValue * float.MaxValue, OrderedSum.OfSquares([float.MaxValue, float.MinValue]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(100)]
    public void OfLogarithms_WithZeros_IsTheSum(int length)
    {
        float[] values = [.. Enumerable.Range(0, length).Select(i => i % 3 == 1 ? 0 : (i + 1) / 70f)];
        float[] weights = [.. Enumerable.Range(0, length).Select(i => i / 9f)];
        double[] terms = [.. values.Select(value => value > 0 ? value * Math.Log(value) : 0)];

        Assert.Equal(terms.Sum(), OrderedSum.OfLogarithms(values, []), 1e-12 * length);
        Assert.Equal(terms.Zip(weights, (term, weight) => term * weight).Sum(), OrderedSum.OfLogarithms(values, weights), 1e-12 * length * length);
    }
}
