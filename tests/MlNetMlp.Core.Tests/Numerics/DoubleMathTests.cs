using System.Runtime.Intrinsics;
using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class DoubleMathTests
{
    [Fact]
    public void Apply_EveryLengthBetweenGuardPages_RoundsEachResultOnce()
    {
        using GuardedMemory operands = new(256), results = new(256);
        for (int length = 0; length <= 256; length++)
        {
            for (int end = 0; end < 2; end++)
            {
                Span<float> x = operands.At(end == 1, length), result = results.At(end == 1, length);
                TestData.Fill(x, length);
                DoubleMath.Apply(new Third(), x, result);
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal((float)(x[i] / 3.0 + 1), result[i]);
                }

                DoubleMath.Apply(new Third(), x, x);
                Assert.True(x.SequenceEqual(result));
            }
        }

        Assert.Throws<ArgumentException>(() => DoubleMath.Apply(new Third(), new float[2], new float[3]));
    }

    [Fact]
    public void Apply_ThreeOperandsOfEveryLength_TakesTheElementsOfTheSamePlace()
    {
        float[] x = new float[256], y = new float[256], z = new float[256];
        TestData.Fill(x, 1);
        TestData.Fill(y, 2);
        TestData.Fill(z, 3);
        for (int length = 0; length <= 256; length++)
        {
            float[] result = new float[length];
            DoubleMath.Apply(new DifferenceAndProduct(), x.AsSpan(0, length), y.AsSpan(0, length), z.AsSpan(0, length), result);
            Assert.Equal(Enumerable.Range(0, length).Select(i => (float)((double)x[i] - (double)y[i] * z[i])), result);
            float[] inPlace = z[..length];
            DoubleMath.Apply(new DifferenceAndProduct(), x.AsSpan(0, length), y.AsSpan(0, length), inPlace, inPlace);
            Assert.Equal(result, inPlace);
        }

        Assert.Throws<ArgumentException>(() => DoubleMath.Apply(new Third(), x, y.AsSpan(1), z, x));
        Assert.Throws<ArgumentException>(() => DoubleMath.Apply(new Third(), x, y, z.AsSpan(1), x));
    }

    /// <summary>Every 509th positive float, the subnormal ones too; the largest error found is 1.0e-15.</summary>
    [Fact]
    public void Log_DenseSweepOfPositiveFloats_IsThatOfDoublePrecision()
    {
        float[] x = [.. Enumerable.Range(1, 0x7F80_0000 / 509).Select(i => BitConverter.Int32BitsToSingle(i * 509)).Where(float.IsFinite)];
        double worst = 0;
        for (int i = 0; i + 8 <= x.Length; i += 8)
        {
            Vector512<double> logarithms = DoubleMath.Log(Vector512.WidenLower(Vector512.Create(Vector256.LoadUnsafe(ref x[i]), default)));
            for (int j = 0; j < 8; j++)
            {
                double expected = Math.Log(x[i + j]);
                worst = Math.Max(worst, Math.Abs(logarithms[j] - expected) / Math.Max(Math.Abs(expected), double.Epsilon));
            }
        }

        Assert.True(worst < 2e-15, $"{worst}");
        Assert.Equal(Vector512<double>.Zero, DoubleMath.Log(Vector512<double>.One));
    }

    /// <summary>
    /// Against <c>ln(1 + e) = 2 artanh(s) = 2 (s + s^3 / 3 + s^5 / 5 ...)</c> with <c>s = e / (2 + e)</c>; the largest error found is 1.1e-15.
    /// </summary>
    [Fact]
    public void LogOfOnePlusExp_DenseSweep_IsThatOfDoublePrecision()
    {
        double worst = 0;
        for (int i = 0; i <= 708_000; i += 8)
        {
            Vector512<double> x = Vector512.Create(-0.001) * (Vector512.Create((double)i) + Vector512<double>.Indices);
            Vector512<double> actual = DoubleMath.LogOfOnePlusExp(x);
            for (int j = 0; j < 8; j++)
            {
                double e = Math.Exp(x[j]), s = e / (2 + e), series = 0;
                for (int n = 35; n > 0; n -= 2)
                {
                    series = series * s * s + 1.0 / n;
                }

                double expected = 2 * s * series;
                worst = Math.Max(worst, x[j] >= -708 ? Math.Abs(actual[j] - expected) / expected : 0);
            }
        }

        Assert.True(worst < 2e-15, $"{worst}");
        Assert.Equal(Vector512.Create(Math.Log(2)), DoubleMath.LogOfOnePlusExp(Vector512<double>.Zero));
        Assert.Equal(Vector512<double>.Zero, DoubleMath.LogOfOnePlusExp(Vector512.Create(-709.0)));
        Assert.Equal(Vector512<double>.Zero, DoubleMath.LogOfOnePlusExp(Vector512.Create(double.NegativeInfinity)));
        Assert.Equal(Vector512.Create(double.NaN), DoubleMath.LogOfOnePlusExp(Vector512.Create(double.NaN)));
    }

    private readonly struct Third : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => x / 3 + Vector512<double>.One;
    }

    private readonly struct DifferenceAndProduct : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => x - y * z;
    }
}
