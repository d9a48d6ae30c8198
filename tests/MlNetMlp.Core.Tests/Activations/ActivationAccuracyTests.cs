using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// Values and derivatives over all exponents against <see cref="ReferenceActivation"/>, in double precision from the definitions, and the bits of all
/// kernels against each other.
/// </summary>
public class ActivationAccuracyTests
{
    /// <summary>
    /// What <see cref="Activation"/> promises: the error of the value in units in the last place, that of the derivative as a number, and, where the
    /// derivative is kept, that below -3 in units in the last place.
    /// </summary>
    private static readonly Dictionary<string, (Activation Activation, double Units, double Slope, double TailUnits)> _all = new()
    {
        ["identity"] = (Activation.Identity, 0, 0, 0),
        ["relu"] = (Activation.Relu, 0, 0, 0),
        ["leaky relu"] = (Activation.LeakyRelu(), 0.5, 0, 0),
        ["elu"] = (Activation.Elu(), 2, 1e-7, 0),
        ["elu, alpha 1.7"] = (Activation.Elu(1.7f), 2, 1.7e-7, 0),
        ["selu"] = (Activation.Selu, 2, 1.8e-7, 0),
        ["tanh"] = (Activation.Tanh, 2.5, 2e-7, 0),
        ["sigmoid"] = (Activation.Sigmoid, 2.5, 1e-7, 0),
        ["gelu"] = (Activation.Gelu, 5.5, 2e-7, 6.5),
        ["silu"] = (Activation.Silu, 3.5, 2e-7, 6.5),
        ["mish"] = (Activation.Mish, 4.5, 2.5e-7, 6.5),
        ["hard threshold"] = (Activation.HardThreshold, 0, 0, 0),
    };

    public static TheoryData<string> Names => [.. _all.Keys];

    /// <summary>Every 16411th float, which are all exponents, both signs and subnormals; a hundred thousand neighbours where networks live; the ends.</summary>
    private static float[] Grid =>
    [
        .. Enumerable.Range(0, (int)(uint.MaxValue / 16411)).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 16411)).Where(z => !float.IsNaN(z)),
        .. Enumerable.Range(-50_000, 100_001).Select(i => i * 4e-4f),
        .. (float[])[0f, -0f, float.Epsilon, -float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity],
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void ApplyAndDerivative_DenseGridOfFloats_IsWithinThePromisedError(string name)
    {
        (Activation activation, double units, double slope, double tailUnits) = _all[name];
        double rounding = Kernels.AreFused ? 1 : 3;
        float[] z = Grid;
        (float[] values, float[] slopes) = Run(activation, z);
        (double Error, float At) value = default, derivative = default, tail = default;
        for (int i = 0; i < z.Length; i++)
        {
            value = Larger(value, UnitsInTheLastPlace(ReferenceActivation.Value(activation, z[i]), values[i]), z[i]);

            // At 0, a rectifier's derivative is a convention.
            double expected = z[i] == 0 ? slopes[i] : ReferenceActivation.Derivative(activation, z[i]);
            derivative = Larger(derivative, Math.Abs(slopes[i] - expected), z[i]);
            if (activation.KeepsSlope && z[i] < -3)
            {
                tail = Larger(tail, UnitsInTheLastPlace(expected, slopes[i]), z[i]);
            }
        }

        Assert.True(
            value.Error <= rounding * units && derivative.Error <= rounding * slope && tail.Error <= rounding * tailUnits,
            FormattableString.Invariant($"{value.Error:F2} units at {value.At:R}; derivative: {derivative.Error:G2} at {derivative.At:R}, ") +
            FormattableString.Invariant($"{tail.Error:F2} units at {tail.At:R}"));
    }

    /// <summary>Also the sign of a zero: what is 0 at 0 keeps it there.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_BothZeros_IsTheDefinition(string name)
    {
        Activation activation = _all[name].Activation;
        (float[] values, _) = Run(activation, [0f, -0f]);
        Assert.Equal(ReferenceActivation.Value(activation, 0), values[0]);
        Assert.Equal(ReferenceActivation.Value(activation, 0), values[1]);
        if (activation is not (SigmoidActivation or ReluActivation or HardThresholdActivation))
        {
            Assert.False(float.IsNegative(values[0]));
            Assert.True(float.IsNegative(values[1]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ApplyAndDerivative_NaN_StaysNaN(string name)
    {
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            (float[] values, float[] slopes) = Run(_all[name].Activation, [.. Enumerable.Repeat(float.NaN, 19)]);
            Assert.All(values, value => Assert.True(float.IsNaN(value)));
            if (_all[name].Activation.KeepsSlope)
            {
                Assert.All(slopes, value => Assert.True(float.IsNaN(value)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ApplyAndDerivative_EveryKernel_GivesTheSameBits(string name)
    {
        if (!Kernels.AreFused)
        {
            return;
        }

        float[] z = Grid;
        (float[] values, float[] slopes) = Run(_all[name].Activation, z);
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            (float[] otherValues, float[] otherSlopes) = Run(_all[name].Activation, z);
            TestData.AssertSameBits(values, otherValues, $"{name}, {kernel}");
            TestData.AssertSameBits(slopes, otherSlopes, $"derivative of {name}, {kernel}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ApplyAndDerivative_EveryLengthBetweenGuardPages_GivesEachElementTheBitsItHasAlone(string name)
    {
        const int longest = 256;
        Activation activation = _all[name].Activation;
        float[] z = [.. TestData.Values(longest, 3).Select(value => value * 5)], biases = TestData.Values(longest, 4);
        float[] sums = [.. z.Zip(biases, (value, bias) => value + bias)];
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            (float[] Values, float[] Slopes)[] alone = [.. sums.Select(sum => Run(activation, [sum]))];
            float[] values = [.. alone.Select(one => one.Values[0])], slopes = [.. alone.Select(one => one.Slopes[0])];
            using GuardedMemory first = new(longest), second = new(longest), third = new(longest);
            for (int length = 0; length <= longest; length++)
            {
                bool end = length % 2 == 0;
                Span<float> a = first.At(end, length), other = second.At(end, length);
                z.AsSpan(0, length).CopyTo(a);
                biases.AsSpan(0, length).CopyTo(other);
                activation.Apply(a, other);
                TestData.AssertSameBits(values.AsSpan(0, length), a, $"{name} with biases, {kernel}, length {length}");
                if (activation.KeepsSlope)
                {
                    z.AsSpan(0, length).CopyTo(a);
                    Span<float> derivatives = third.At(end, length);
                    activation.ApplyWithSlope(a, other, derivatives);
                    TestData.AssertSameBits(values.AsSpan(0, length), a, $"{name} with biases and derivative, {kernel}, length {length}");
                    TestData.AssertSameBits(slopes.AsSpan(0, length), derivatives, $"derivative of {name} with biases, {kernel}, length {length}");

                    sums.AsSpan(0, length).CopyTo(a);
                    activation.ApplyWithSlope(a, [], other);
                    TestData.AssertSameBits(values.AsSpan(0, length), a, $"{name} with derivative, {kernel}, length {length}");
                    TestData.AssertSameBits(slopes.AsSpan(0, length), other, $"derivative of {name}, {kernel}, length {length}");
                    continue;
                }

                other.Fill(1);
                activation.MultiplyByDerivative(a, other);
                TestData.AssertSameBits(slopes.AsSpan(0, length), other, $"derivative of {name}, {kernel}, length {length}");
            }
        }
    }

    /// <summary>The values and the derivatives as a layer computes them.</summary>
    private static (float[] Values, float[] Slopes) Run(Activation activation, float[] z)
    {
        float[] values = [.. z], slopes = new float[z.Length];
        if (activation.KeepsSlope)
        {
            float[] alone = [.. z];
            activation.Apply(alone);
            activation.ApplyWithSlope(values, [], slopes);

            // The bits of a NaN are nobody's promise.
            if (!z.Contains(float.NaN))
            {
                TestData.AssertSameBits(alone, values, "with and without the derivative");
            }
        }
        else
        {
            activation.Apply(values);
            slopes.AsSpan().Fill(1);
            activation.MultiplyByDerivative(values, slopes);
        }

        return (values, slopes);
    }

    private static (double Error, float At) Larger((double Error, float At) worst, double error, float z) => error <= worst.Error ? worst : (error, z);

    private static double UnitsInTheLastPlace(double expected, float actual)
    {
        if ((float)expected == actual)
        {
            return 0;
        }

        // Among the subnormal numbers the unit is that of the smallest normal one.
        const int lowestExponent = -126;
        return Math.Abs(actual - expected) / Math.ScaleB(1, Math.Max(Math.ILogB(expected), lowestExponent) - 23);
    }
}
