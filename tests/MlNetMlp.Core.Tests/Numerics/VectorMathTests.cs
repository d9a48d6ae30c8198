using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class VectorMathTests
{
    private delegate void Function(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>
    /// The limits are a little above the largest errors found with a fused multiply-add (1.03, 1.53, 2.25, 2.24), and below what
    /// a dropped term makes.
    /// </summary>
    private static readonly Dictionary<string, (Function Function, Func<double, double> Reference, double Ulps)> _functions = new()
    {
        ["Exp"] = (VectorMath.Exp, Math.Exp, 1.2),
        ["Expm1"] = (VectorMath.Expm1, Expm1, 1.7),
        ["Tanh"] = (VectorMath.Tanh, Math.Tanh, 2.5),
        ["Sigmoid"] = (VectorMath.Sigmoid, Sigmoid, 2.5),
        ["Sign"] = (VectorMath.Sign, x => Math.Sign(x), 0),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string function in _functions.Keys)
            {
                foreach (string kernel in Kernels.Names)
                {
                    data.Add(function, kernel);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. _functions.Keys];

    /// <summary>Every 4099th float: all exponents, both signs, subnormals, and the ends of the range.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Function_DenseSweepOfAllFloats_IsWithinAFewUnitsInTheLastPlace(string name, string kernel)
    {
        (Function function, Func<double, double> reference, double limit) = Case(name);
        float[] x = [.. Enumerable.Range(0, (int)(uint.MaxValue / 4099))
            .Select(i => BitConverter.UInt32BitsToSingle((uint)i * 4099)).Where(float.IsFinite)];
        float[] y = new float[x.Length];
        using (Kernels.Force(kernel))
        {
            function(x, y);
        }

        double worst = 0;
        float worstAt = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = UnitsInTheLastPlace(reference(x[i]), y[i]);
            if (!(error <= worst))
            {
                (worst, worstAt) = (error, x[i]);
            }
        }

        Assert.True(worst <= limit, $"{name} is off by {worst:F2} units in the last place at {worstAt:R}.");
    }

    /// <summary>Half a million neighbours where networks live.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Function_DenseSweepOfSmallNumbers_IsWithinAFewUnitsInTheLastPlace(string name, string kernel)
    {
        (Function function, Func<double, double> reference, double limit) = Case(name);
        float[] x = [.. Enumerable.Range(-250_000, 500_001).Select(i => i * 8e-5f)];
        float[] y = new float[x.Length];
        using (Kernels.Force(kernel))
        {
            function(x, y);
        }

        double worst = x.Zip(y, (a, b) => UnitsInTheLastPlace(reference(a), b)).Max();
        Assert.True(worst <= limit, $"{name} is off by {worst:F2} units in the last place.");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Function_SpecialValues_GivesTheLimits(string name, string kernel)
    {
        const float Infinity = float.PositiveInfinity, Tiny = float.Epsilon;
        float[] x = [float.NaN, Infinity, -Infinity, 0f, -0f, 1000, -1000, Tiny, -Tiny];
        float[] expected = name switch
        {
            "Exp" => [float.NaN, Infinity, 0, 1, 1, Infinity, 0, 1, 1],
            "Expm1" => [float.NaN, Infinity, -1, 0, -0f, Infinity, -1, Tiny, -Tiny],
            "Tanh" => [float.NaN, 1, -1, 0, -0f, 1, -1, Tiny, -Tiny],
            "Sigmoid" => [float.NaN, 1, 0, 0.5f, 0.5f, 1, 0, 0.5f, 0.5f],
            _ => [float.NaN, 1, -1, 0, -0f, 1, -1, 1, -1],
        };
        float[] y = new float[x.Length];
        using (Kernels.Force(kernel))
        {
            _functions[name].Function(x, y);
        }

        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(expected[i], y[i]);
            if (!float.IsNaN(x[i]))
            {
                Assert.Equal(float.IsNegative(expected[i]), float.IsNegative(y[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Function_EveryLengthBetweenGuardPages_GivesEachElementTheBitsItHasAlone(string name, string kernel)
    {
        const int Longest = 256;
        Function function = _functions[name].Function;
        using InstructionSet.Scope scope = Kernels.Force(kernel);
        using GuardedMemory source = new(Longest), target = new(Longest);
        float[] values = [.. TestData.Values(Longest, 3).Select(value => value * 20)];
        float[] alone = new float[Longest];
        for (int i = 0; i < Longest; i++)
        {
            function(values.AsSpan(i, 1), alone.AsSpan(i, 1));
        }

        for (int length = 0; length <= Longest; length++)
        {
            for (int end = 0; end < 2; end++)
            {
                Span<float> x = source.At(end == 1, length), y = target.At(end == 1, length);
                values.AsSpan(0, length).CopyTo(x);
                y.Fill(float.NaN);
                function(x, y);
                TestData.AssertSameBits(alone.AsSpan(0, length), y, $"{name}, length {length}");
                function(x, x);
                TestData.AssertSameBits(alone.AsSpan(0, length), x, $"{name} in place, length {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_EveryKernel_GivesTheSameBits(string name)
    {
        if (!Kernels.AreFused)
        {
            return;
        }

        float[] x = [.. TestData.Values(10_000, 4).Select(value => value * 110)];
        float[] expected = new float[x.Length], y = new float[x.Length];
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            _functions[name].Function(x, kernel == Kernels.Names[0] ? expected : y);
            if (kernel != Kernels.Names[0])
            {
                TestData.AssertSameBits(expected, y, $"{name}, {kernel}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_WrongSpans_Throws(string name)
    {
        Function function = _functions[name].Function;
        float[] values = new float[10];
        Assert.Throws<ArgumentException>(() => function(values, new float[9]));
        Assert.Throws<ArgumentException>(() => function(values.AsSpan(0, 9), values.AsSpan(1)));
    }

    /// <summary>A function with its limit, which is three times as wide where a multiply-add is rounded twice.</summary>
    private static (Function Function, Func<double, double> Reference, double Limit) Case(string name)
    {
        (Function function, Func<double, double> reference, double ulps) = _functions[name];
        return (function, reference, Kernels.AreFused ? ulps : 3 * ulps);
    }

    private static double UnitsInTheLastPlace(double expected, float actual)
    {
        float rounded = (float)expected;
        if (rounded == actual)
        {
            return 0;
        }

        // Among the subnormal numbers the unit is that of the smallest normal one.
        const int LowestExponent = -126;
        int exponent = Math.Max(Math.ILogB(expected), LowestExponent);
        return Math.Abs(actual - expected) / Math.ScaleB(1, exponent - 23);
    }

    private static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.1)
        {
            return Math.Exp(x) - 1;
        }

        double term = x, sum = x;
        for (int i = 2; i < 15; i++)
        {
            term *= x / i;
            sum += term;
        }

        return sum;
    }

    private static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));
}
