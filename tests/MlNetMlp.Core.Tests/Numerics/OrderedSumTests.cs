using System.Runtime.Intrinsics;
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

    /// <summary>A formula that is not 0 at 0: what stands in for elements behind the last one must not count.</summary>
    [Fact]
    public void Of_FormulaOfThreeAtEveryLength_EqualsThePartialSumsAddedInOrder()
    {
        float[] x = new float[256], y = new float[256], z = new float[256];
        new SeededRandom(3).FillNormal(x, 0.1f, 1);
        new SeededRandom(4).FillNormal(y, 0.1f, 1);
        new SeededRandom(5).FillNormal(z, 0.1f, 1);
        for (int length = 0; length <= x.Length; length++)
        {
            var partial = new double[32];
            for (int i = 0; i < length; i++)
            {
                partial[i % 32] += (double)x[i] * y[i] - z[i] + 3;
            }

            double expected = partial.Aggregate(0.0, (sum, part) => sum + part);
            Assert.Equal(expected, OrderedSum.Of(new ProductAnd(3), x.AsSpan(0, length), y.AsSpan(0, length), z.AsSpan(0, length)));
        }

        Assert.Throws<ArgumentException>(() => OrderedSum.Of(new ProductAnd(3), x, y.AsSpan(1), z));
        Assert.Throws<ArgumentException>(() => OrderedSum.Of(new ProductAnd(3), x, y, z.AsSpan(1)));
    }

    private readonly struct ProductAnd(double constant) : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => x * y - z + Vector512.Create(constant);
    }
}
