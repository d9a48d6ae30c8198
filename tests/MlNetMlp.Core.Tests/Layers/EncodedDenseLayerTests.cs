using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>The layer against those that it stands for, which write the encoded columns; <see cref="GradientTests"/> check gradients, too.</summary>
public sealed class EncodedDenseLayerTests
{
    private const int Features = 5, Rows = 29;

    private static readonly FeatureEncoding _encoding = new(
        Features, [0, 0, 0, 0, 2, 2, 4], [-1.5f, -0.25f, 0, 0.5f, -3, 1, 0.25f], [0.8f, 4, 2, 0.4f, 0.25f, 1, 2], [1, 2], isClipped: true);

    private static readonly FeatureEncoding _withoutBins = new(Features, [], [], [], [1, 2], isClipped: true);

    private static readonly Dictionary<string, PeriodicNumbers?> _numbers = new()
    {
        ["bins"] = null,
        ["plr"] = new(new PlrEmbedding { Frequencies = 5, Width = 3 }, [0, 1, 4]),
        ["pbld"] = new(new PbldEmbedding(), [1, 2]),
    };

    public static TheoryData<string, int, int> Shapes => new()
    {
        { "bins", 1, 1 }, { "bins", 7, 1 }, { "bins", 16, 2 }, { "bins", 33, 3 }, { "bins", 64, 8 }, { "bins", 100, 2 }, { "bins", 129, 4 },
        { "plr", 16, 1 }, { "plr", 48, 3 }, { "pbld", 16, 1 }, { "pbld", 64, 8 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_AreThoseOfSingleLayers(string kind, int units, int members)
    {
        Result expected = RunSingleLayers(kind, units, members);

        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            AssertNear(expected, Run(kind, units, members, 1));
        }
    }

    /// <summary>Whatever the threads and the kernel, a sum has one order.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardAndBackward_ThreadsAndKernels_HaveTheSameBits(string kind, int units, int members)
    {
        Result one = Run(kind, units, members, 1);
        foreach (string kernel in Kernels.Names)
        {
            using InstructionSet.Scope forced = Kernels.Force(kernel);
            foreach (int threads in (int[])[1, 2, 5])
            {
                Result other = Run(kind, units, members, threads);
                Assert.Equal(Bits.Of(one.Output), Bits.Of(other.Output));
                Assert.Equal(Bits.Of(one.Gradients), Bits.Of(other.Gradients));
                Assert.Equal(Bits.Of(one.InputGradient), Bits.Of(other.InputGradient));
            }
        }
    }

    private static Result Run(string kind, int units, int members, int threads)
    {
        var layout = new ParameterLayout();
        Layer layer = new EncodedDenseLayer(EncodingOf(kind), _numbers[kind], members, 0, Settings(kind, units, members), layout);
        return Run([layer], layout, members, threads);
    }

    private static Result RunSingleLayers(string kind, int units, int members)
    {
        var layout = new ParameterLayout();
        FeatureEncoding encoding = EncodingOf(kind);
        PeriodicNumbers? numbers = _numbers[kind];
        int[] features = numbers?.Features(encoding.Features()) ?? encoding.Features();
        Layer[] embedding = numbers is null ? [] : [new PeriodicLayer(encoding.OutputSize, numbers, layout)];
        Layer[] scales = members > 1 ? [new MemberScalesLayer(features.Length, members, features, Rows, layout)] : [];
        return Run([new EncodingLayer(encoding), .. embedding, .. scales, new DenseLayer(Settings(kind, units, members), layout)], layout, members, 1);
    }

    private static FeatureEncoding EncodingOf(string kind) => _numbers[kind] is null ? _encoding : _withoutBins;

    private static LayerSettings Settings(string kind, int units, int members) =>
        new(NetworkPart.Hidden(0), EncodingOf(kind).OutputSize + (_numbers[kind]?.OutputSize ?? 0), units, Rows * members)
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
