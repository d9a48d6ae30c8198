using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The layer against the three that it stands for, which write the encoded columns; <see cref="GradientTests"/> check gradients, too.</summary>
public sealed class EncodedDenseLayerTests
{
    private const int Features = 5, Rows = 29;

    private static readonly FeatureEncoding _encoding = new(
        Features, [0, 0, 0, 0, 2, 2, 4], [-1.5f, -0.25f, 0, 0.5f, -3, 1, 0.25f], [0.8f, 4, 2, 0.4f, 0.25f, 1, 2], [1, 2], isClipped: true);

    public static TheoryData<int, int> Shapes => new() { { 1, 1 }, { 7, 1 }, { 16, 2 }, { 33, 3 }, { 64, 8 }, { 100, 2 }, { 129, 4 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_AreThoseOfThreeLayers(int units, int members)
    {
        Result expected = RunThreeLayers(units, members);

        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            AssertNear(expected, Run(units, members, 1));
        }
    }

    /// <summary>Whatever the threads and the kernel, a sum has one order.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_ThreadsAndKernels_HaveTheSameBits(int units, int members)
    {
        Result one = Run(units, members, 1);
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            foreach (int threads in (int[])[1, 2, 5])
            {
                Result other = Run(units, members, threads);
                Assert.Equal(Bits.Of(one.Output), Bits.Of(other.Output));
                Assert.Equal(Bits.Of(one.Gradients), Bits.Of(other.Gradients));
                Assert.Equal(Bits.Of(one.InputGradient), Bits.Of(other.InputGradient));
            }
        }
    }

    private static Result Run(int units, int members, int threads)
    {
        var layout = new ParameterLayout();
        Layer layer = new EncodedDenseLayer(_encoding, members, 0, Settings(units, members), layout);
        return Run([layer], layout, members, threads);
    }

    private static Result RunThreeLayers(int units, int members)
    {
        var layout = new ParameterLayout();
        int columns = _encoding.OutputSize;
        Layer[] scales = members > 1 ? [new MemberScalesLayer(columns, members, _encoding.Features(), Rows, layout)] : [];
        return Run([new EncodingLayer(_encoding), .. scales, new DenseLayer(Settings(units, members), layout)], layout, members, 1);
    }

    private static LayerSettings Settings(int units, int members) => new(NetworkPart.Hidden(0), _encoding.OutputSize, units, Rows * members)
    {
        Activation = Activation.Gelu,
        Initializer = Initializer.He,
    };

    private static Result Run(Layer[] layers, ParameterLayout layout, int members, int threads)
    {
        var chain = new LayerChain(layers, Rows);
        var parameters = new ParameterVector(layout);
        RandomModels.Randomize(parameters, new SeededRandom(1));
        float[] features = new float[Rows * Features], inputGradient = new float[features.Length];
        new SeededRandom(2).FillNormal(features, 0, 1.5f);
        for (int i = 0; i < Rows; i++)
        {
            features[i * Features + 3] = i % 4 == 0 ? 1 : 0;
            features[i * Features + 1] = i % 5 == 0 ? float.NaN : features[i * Features + 1];
            features[i * Features + 2] = i % 7 == 0 ? float.NaN : features[i * Features + 2];
        }

        // At the ends of bins, and beyond all of them.
        (features[0], features[Features], features[2 * Features], features[3 * Features]) = (-1.5f, 0.5f, 99, -99);
        using var team = new ThreadTeam(threads);
        var pass = new Pass(PassMode.Training, parameters, team, default);
        var input = new ReadOnlyMatrixSpan(features, Rows, Features);
        float[] output = chain.Forward(pass, input).Values.ToArray();
        new SeededRandom(3).FillNormal(chain.OutputGradient(Rows).Values, 0, 1);
        chain.Backward(pass, input, new MatrixSpan(inputGradient, Rows, Features));
        Assert.Equal(members * Rows, output.Length / layers[^1].OutputSize);
        return new(output, parameters.Gradients.Span.ToArray(), inputGradient);
    }

    /// <summary>Sums of some hundred terms in another order: some roundings of the largest.</summary>
    private static void AssertNear(Result expected, Result actual)
    {
        Near(expected.Output, actual.Output);
        Near(expected.Gradients, actual.Gradients);
        Near(expected.InputGradient, actual.InputGradient);

        static void Near(float[] expected, float[] actual)
        {
            double tolerance = 3e-6 * Math.Max(1, expected.Max(Math.Abs));
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    private sealed record Result(float[] Output, float[] Gradients, float[] InputGradient);
}
