using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Values and derivatives against <see cref="ReferenceActivation"/>, in double precision from the definitions.</summary>
public class ActivationTests
{
    /// <summary>Some ulps of single precision.</summary>
    private const double Relative = 1e-6;

    /// <summary>A derivative is computed from the rounded result, whose rounding next to 1 is 6e-8.</summary>
    private const double DerivativeAbsolute = 3e-7;

    private static readonly Dictionary<string, Activation> _all = new()
    {
        ["identity"] = Activation.Identity,
        ["relu"] = Activation.Relu,
        ["leaky relu"] = Activation.LeakyRelu(),
        ["leaky relu, slope 1"] = Activation.LeakyRelu(1),
        ["elu"] = Activation.Elu(),
        ["elu, alpha 1.7"] = Activation.Elu(1.7f),
        ["tanh"] = Activation.Tanh,
        ["sigmoid"] = Activation.Sigmoid,
        ["gelu"] = Activation.Gelu,
        ["silu"] = Activation.Silu,
        ["mish"] = Activation.Mish,
        ["selu"] = Activation.Selu,
        ["hard threshold"] = Activation.HardThreshold,
    };

    public static TheoryData<string> Names => [.. _all.Keys];

    private static float[] Sweep
    {
        get
        {
            float[] magnitudes = [0, float.Epsilon, 1e-38f, 1e-30f, 1e-8f, 1e-4f, 0.01f, 17, 87, 88, 89, 103, 104, 1e4f, 1e20f, float.MaxValue,
                float.PositiveInfinity];
            return [.. magnitudes, .. magnitudes.Select(z => -z), .. Enumerable.Range(-2000, 4001).Select(i => i * 0.0137f)];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_Sweep_EqualsTheDefinition(string name)
    {
        float[] z = Sweep, a = Sweep;
        _all[name].Apply(a);
        for (int i = 0; i < z.Length; i++)
        {
            double expected = (float)ReferenceActivation.Value(_all[name], z[i]);
            Assert.True(
                a[i] == expected || Math.Abs(a[i] - expected) <= Relative * Math.Abs(expected) + 1e-37,
                FormattableString.Invariant($"f({z[i]:R}) is {a[i]:R} instead of {expected:R}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MultiplyByDerivative_Sweep_EqualsTheDefinition(string name)
    {
        float[] z = [.. Sweep.Where(value => value != 0)], gradient = [.. Enumerable.Repeat(-3f, z.Length)];
        (_, gradient) = Run(_all[name], z, gradient);
        for (int i = 0; i < z.Length; i++)
        {
            double expected = -3 * ReferenceActivation.Derivative(_all[name], z[i]);
            Assert.True(
                Math.Abs(gradient[i] - expected) <= 3 * DerivativeAbsolute + Relative * Math.Abs(expected),
                FormattableString.Invariant($"-3 f'({z[i]:R}) is {gradient[i]:R} instead of {expected:R}"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_NaN_StaysNaN(string name)
    {
        float[] values = [.. Enumerable.Repeat(float.NaN, 19)];
        _all[name].Apply(values);
        Assert.All(values, value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ApplyAndDerivative_AnyPlaceInASpan_HaveTheSameBits(string name)
    {
        // Longer than the chunks of 256 in which some activations work.
        float[] z = new float[600], gradient = new float[600];
        new SeededRandom(5).FillNormal(z, 0, 3);
        new SeededRandom(6).FillNormal(gradient, 0, 1);
        (float[] a, float[] g) = Run(_all[name], z, gradient);
        foreach (int length in (int[])[1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 255, 257, 300])
        {
            for (int start = 0; start + length <= z.Length; start += length + 7)
            {
                (float[] partA, float[] partG) = Run(_all[name], z[start..(start + length)], gradient[start..(start + length)]);
                Assert.Equal(Bits.Of(a.AsSpan(start, length)), Bits.Of(partA));
                Assert.Equal(Bits.Of(g.AsSpan(start, length)), Bits.Of(partG));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_WithBiases_HasTheBitsOfAnAdditionAndApply(string name)
    {
        float[] z = new float[300], biases = new float[300];
        new SeededRandom(5).FillNormal(z, 0, 3);
        new SeededRandom(6).FillNormal(biases, 0, 3);
        float[] special = [float.NaN, 1, float.PositiveInfinity, float.NegativeInfinity, -0f, -1, float.Epsilon];
        float[] added = [0, float.NaN, 1, 1, -0f, 1, -0f];
        foreach (int place in (int[])[0, 40, 293])
        {
            special.CopyTo(z, place);
            added.CopyTo(biases, place);
        }

        foreach (int length in (int[])[1, 7, 8, 9, 16, 31, 64, 300])
        {
            foreach (int start in (int[])[0, 300 - length])
            {
                float[] expected = [.. z.Skip(start).Take(length)], actual = [.. expected], b = biases[start..(start + length)];
                for (int i = 0; i < length; i++)
                {
                    expected[i] += b[i];
                }

                _all[name].Apply(expected);
                _all[name].Apply(actual, b);
                Assert.Equal(expected.Select(float.IsNaN), actual.Select(float.IsNaN));
                Assert.Equal(Bits.Of(expected.Where(value => !float.IsNaN(value)).ToArray()), Bits.Of(actual.Where(value => !float.IsNaN(value)).ToArray()));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0f)]
    public void MultiplyByDerivative_ReluAtZero_IsZero(float z)
    {
        float[] a = [z], gradient = [5];
        Activation.Relu.Apply(a);
        Activation.Relu.MultiplyByDerivative(a, gradient);
        Assert.Equal(0, gradient[0]);
    }

    [Fact]
    public void Equals_SameKindAndSettings_AreEqual()
    {
        Assert.Equal(Activation.LeakyRelu(0.2f), Activation.LeakyRelu(0.2f));
        Assert.NotEqual(Activation.LeakyRelu(0.2f), Activation.LeakyRelu(0.3f));
        Assert.Equal(Activation.Elu(2), Activation.Elu(2));
        Assert.NotEqual(Activation.Elu(2), Activation.Elu(3));
        Assert.NotEqual(Activation.Relu, Activation.Identity);
    }

    [Fact]
    public void DefaultInitializer_RectifiersAndOthers_IsHeAndGlorot()
    {
        Assert.All((Activation[])[Activation.Relu, Activation.LeakyRelu(), Activation.Elu()], activation => Assert.Equal(Initializer.He,
            activation.DefaultInitializer));
        Assert.All(
            (Activation[])[Activation.Identity, Activation.Tanh, Activation.Sigmoid], activation => Assert.Equal(Initializer.GlorotUniform,
                activation.DefaultInitializer));
    }

    [Fact]
    public void DefaultInitializer_LaterFunctions_IsThatOfTheirPapersOrOfTheRectifiers()
    {
        Assert.All((Activation[])[Activation.Gelu, Activation.Silu, Activation.Mish], activation => Assert.Equal(Initializer.He,
            activation.DefaultInitializer));
        Assert.Equal(Initializer.LeCun, Activation.Selu.DefaultInitializer);
        Assert.Equal(Initializer.GlorotUniform, Activation.HardThreshold.DefaultInitializer);
    }

    private static (float[] A, float[] Gradient) Run(Activation activation, float[] z, float[] gradient)
    {
        float[] a = [.. z], g = [.. gradient];
        if (!activation.KeepsSlope)
        {
            activation.Apply(a);
            activation.MultiplyByDerivative(a, g);
            return (a, g);
        }

        float[] slopes = new float[z.Length];
        activation.ApplyWithSlope(a, [], slopes);
        activation.MultiplyByDerivative(slopes, g);
        return (a, g);
    }
}
