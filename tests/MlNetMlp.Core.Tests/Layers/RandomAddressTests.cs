using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Random numbers belong to a part of the network and a purpose: what is added elsewhere does not change them.</summary>
public sealed class RandomAddressTests : IDisposable
{
    private const int Inputs = 5;
    private const int Units = 7;
    private const int Rows = 20;

    private static readonly MlpArchitecture _plain = new(Inputs, 2)
    {
        HiddenLayers =
        [
            new(Units) { Activation = Activation.Identity, WeightInitializer = Initializer.He, DropConnect = 0.4f, Noise = 0.5f, Dropout = 0.3f },
        ],
    };

    private static readonly Dictionary<string, MlpArchitecture> _extended = new()
    {
        ["noise on the inputs"] = _plain with { InputNoise = 0.1f },
        ["dropout of the inputs"] = _plain with { InputDropout = 0.2f },
        ["another hidden layer"] = _plain with { HiddenLayers = [_plain.HiddenLayers[0], new(9) { DropConnect = 0.1f, Noise = 1, Dropout = 0.5f }] },
        ["a penalty on activations"] = _plain with { HiddenLayers = [_plain.HiddenLayers[0] with { ActivityRegularization = 0.1f }] },
        ["learned slopes"] = _plain with { HiddenLayers = [_plain.HiddenLayers[0] with { Activation = Activation.PRelu(1) }] },
        ["everything"] = _plain with
        {
            InputNoise = 0.1f,
            InputDropout = 0.2f,
            HiddenLayers =
            [
                _plain.HiddenLayers[0] with { ActivityRegularization = 0.1f }, new(Units) { Normalization = Normalization.Cosine, Residual = true },
            ],
        },
    };

    private readonly ThreadTeam _team = new(1);

    public static TheoryData<string> Names => [.. _extended.Keys];

    public void Dispose() => _team.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Draws_OfTheFirstHiddenLayer_DoNotDependOnWhatIsAddedElsewhere(string name)
    {
        Draws expected = DrawsOf(_plain), found = DrawsOf(_extended[name]);
        Assert.Equal(Bits.Of(expected.Weights), Bits.Of(found.Weights));
        Assert.Equal(Bits.Of(expected.KeptWeights), Bits.Of(found.KeptWeights));
        Assert.Equal(Bits.Of(expected.Noise), Bits.Of(found.Noise));
        Assert.Equal(Bits.Of(expected.Mask), Bits.Of(found.Mask));

        // There is something to compare.
        Assert.Contains(0, expected.Mask);
        Assert.Contains(0, expected.KeptWeights);
        Assert.DoesNotContain(0, expected.Weights);
    }

    [Fact]
    public void Initialize_InputsWithNoise_LeavesTheOutputWeights()
    {
        float[] Output(MlpArchitecture architecture)
        {
            ParameterVector parameters = Initialized(architecture);
            return parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == "Output.Weights")).ToArray();
        }

        Assert.Equal(Bits.Of(Output(_plain)), Bits.Of(Output(_plain with { InputNoise = 0.1f })));
        Assert.Equal(Bits.Of(Output(_plain)), Bits.Of(Output(_plain with { HiddenLayers = [.. _plain.HiddenLayers, new(Units)] })));
    }

    [Fact]
    public void PredictWithUncertainty_SameParametersWithNoiseOnTheInputs_HasTheSameBits()
    {
        (float[] Mean, float[] Deviation) Predict(MlpArchitecture architecture)
        {
            var model = new MlpModel(
                architecture, new SquaredError(),
                new FeatureStandardizer(
                    new float[Inputs], [.. Enumerable.Repeat(1f, Inputs)], new float[Inputs], InvalidValueHandling.Fail, InvalidValueHandling.Fail),
                TargetUnits.AsGiven(2), Initialized(architecture).Snapshot());
            float[] mean = new float[2], deviation = new float[2];
            model.PredictWithUncertainty([1, 2, 3, 4, 5], mean, deviation, 1, new MonteCarloDropout { Passes = 9 });
            return (mean, deviation);
        }

        (float[] mean, float[] deviation) = Predict(_plain);
        (float[] otherMean, float[] otherDeviation) = Predict(_plain with { InputNoise = 0.1f });
        Assert.All(deviation, value => Assert.True(value > 0));
        Assert.Equal(Bits.Of(mean), Bits.Of(otherMean));
        Assert.Equal(Bits.Of(deviation), Bits.Of(otherDeviation));
    }

    [Fact]
    public void Random_AnyTwoPartsOrPurposes_ShareNoNumbers()
    {
        NetworkPart[] parts = [NetworkPart.Input, NetworkPart.Numbers, NetworkPart.Output, .. Enumerable.Range(0, 200).Select(NetworkPart.Hidden)];
        var random = new SeededRandom(1);
        uint[][] numbers =
        [
            .. from part in parts
               from purpose in Enum.GetValues<RandomPurpose>()
               select Enumerable.Range(0, 20).Select(i => part.Random(random, purpose).UInt32(i)).ToArray(),
        ];

        // Words of 64 bits, wherever they are: among so few, two equal random ones are all but impossible.
        ulong[] words = [.. numbers.SelectMany(words => words.Chunk(2)).Select(pair => pair[0] | ((ulong)pair[1] << 32))];
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Equal(parts.Length, parts.Select(part => part.ToString()).Distinct().Count());
    }

    [Fact]
    public void Layout_EveryArchitecture_DrawsOneParameterOfAPartForAPurpose()
    {
        // The address of starting weights is the part and what they are for.
        foreach (string name in RandomModels.Names)
        {
            Parameter[] drawn = [.. RandomModels.Named(name).Architecture.Layout().Parameters.Where(parameter => parameter.Initializer is not null)];
            Assert.NotEmpty(drawn);
            Assert.Equal(drawn.Length, drawn.Select(parameter => (parameter.Part, parameter.Purpose)).Distinct().Count());
            Assert.All(drawn, parameter => Assert.Equal($"{parameter.Part}.{parameter.Purpose}", parameter.Name));
        }
    }

    private static ParameterVector Initialized(MlpArchitecture architecture)
    {
        var parameters = new ParameterVector(architecture.Layout());
        parameters.Initialize(new SeededRandom(3));
        return parameters;
    }

    /// <summary>What the first hidden layer draws, layer by layer.</summary>
    private Draws DrawsOf(MlpArchitecture architecture)
    {
        ParameterVector parameters = Initialized(architecture);
        float[] weights = parameters.Value(parameters.Layout.Parameters[0]).ToArray();
        Layer[] layers = [.. new LayerSequence(architecture, Rows).Layers];
        int dense = Array.FindIndex(layers, layer => layer is DenseLayer);
        float[] identity = new float[Inputs * Inputs], ones = [.. Enumerable.Repeat(1f, Rows * Units)];
        for (int i = 0; i < Inputs; i++)
        {
            identity[i * Inputs + i] = 1;
        }

        // An identity matrix as the input makes the weights that were kept the output.
        return new(
            weights,
            Forward(layers[dense], identity, Inputs),
            Forward(layers[dense..].First(layer => layer is NoiseLayer), ones, Rows),
            Forward(layers[dense..].First(layer => layer is DropoutLayer), ones, Rows));

        float[] Forward(Layer layer, float[] input, int rows)
        {
            float[] output = new float[rows * layer.OutputSize];
            layer.Forward(
                new Pass(PassMode.Training, parameters, _team, new SeededRandom(8)), new ReadOnlyMatrixSpan(input, rows, layer.InputSize),
                new MatrixSpan(output, rows, layer.OutputSize));
            return output;
        }
    }

    private sealed record Draws(float[] Weights, float[] KeptWeights, float[] Noise, float[] Mask);
}
