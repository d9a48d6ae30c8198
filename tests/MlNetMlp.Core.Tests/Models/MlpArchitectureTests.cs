namespace MlNetMlp.Core.Tests;

public class MlpArchitectureTests
{
    [Fact]
    public void Equals_SameDescription_IsEqual()
    {
        static MlpArchitecture Create() => new(4, 2)
        {
            InputDropout = 0.1f,
            InputNoise = 0.3f,
            OutputInitializer = Initializer.Zero,
            HiddenLayers = [new(3) { Activation = Activation.Elu(2), Normalization = new BatchNormalization { Momentum = 0.2f } }, new(5) { Dropout = 0.5f }],
        };

        MlpArchitecture one = Create();
        Assert.Equal(one, Create());
        Assert.Equal(one.GetHashCode(), Create().GetHashCode());
        Assert.NotEqual(one, one with { InputDropout = 0.2f });
        Assert.NotEqual(one, one with { InputNoise = 0 });
        Assert.NotEqual(one, one with { OutputInitializer = null });
        Assert.NotEqual(one, one with { HiddenLayers = [one.HiddenLayers[0] with { Noise = 0.1f }, one.HiddenLayers[1]] });
        Assert.NotEqual(one, one with { HiddenLayers = [one.HiddenLayers[0] with { InitialBias = 0.1f }, one.HiddenLayers[1]] });
        Assert.NotEqual(new MlpArchitecture(3, 2) { HiddenLayers = [new(3)] }, new MlpArchitecture(3, 2) { HiddenLayers = [new(3) { Residual = true }] });
        Assert.NotEqual(one, one with { HiddenLayers = [one.HiddenLayers[0]] });
        Assert.NotEqual(one, one with { HiddenLayers = [one.HiddenLayers[1], one.HiddenLayers[0]] });
        Assert.NotEqual(one, one with { HiddenLayers = [one.HiddenLayers[0] with { Activation = Activation.Elu(3) }, one.HiddenLayers[1]] });
        Assert.NotEqual(one, new MlpArchitecture(4, 3)
        {
            InputDropout = 0.1f,
            InputNoise = 0.3f,
            OutputInitializer = Initializer.Zero,
            HiddenLayers = one.HiddenLayers
        });
    }

    [Fact]
    public void HiddenLayers_ListChangedLater_KeepsTheLayersItWasGiven()
    {
        var layers = new List<HiddenLayer> { new(3) };
        var architecture = new MlpArchitecture(1, 1) { HiddenLayers = layers };
        layers.Add(new(4));
        Assert.Single(architecture.HiddenLayers);
    }

    [Theory]
    [InlineData(4, 3, 3, "hidden layer 1 has 3 units and 4 inputs")]
    [InlineData(3, 3, 5, "hidden layer 2 has 5 units and 3 inputs")]
    public void HiddenLayers_ResidualOfAnotherWidth_IsRefusedWithBothWidths(int inputs, int first, int second, string message)
    {
        var error = Assert.Throws<ArgumentException>(
            () => new MlpArchitecture(inputs, 2) { HiddenLayers = [new(first) { Residual = true }, new(second) { Residual = true }] });
        Assert.Equal("HiddenLayers", error.ParamName);
        Assert.Contains("Residual needs as many units as inputs, but " + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Sizes_FromInputToOutput() => Assert.Equal("4-8-3-2", new MlpArchitecture(4, 2) { HiddenLayers = [new(8), new(3)] }.ToString());

    [Fact]
    public void Layout_EveryKindOfLayer_NamesParametersAndDecaysWeightsOnly()
    {
        var architecture = new MlpArchitecture(4, 2)
        {
            InputDropout = 0.5f,
            HiddenLayers = [new(3) { Normalization = Normalization.Batch, Dropout = 0.5f }, new(5), new(5) { Normalization = Normalization.Layer,
            Noise = 1, Residual = true }]
        };
        ParameterLayout layout = architecture.Layout();
        Assert.Equal(
            [
                "Hidden1.Weights 4x3 decays", "Hidden1.Normalization.Gain 1x3", "Hidden1.Normalization.Shift 1x3", "Hidden1.Normalization.Mean 1x3 statistic",
                "Hidden1.Normalization.Variance 1x3 statistic", "Hidden2.Weights 3x5 decays", "Hidden2.Biases 1x5", "Hidden3.Weights 5x5 decays",
                "Hidden3.Normalization.Gain 1x5", "Hidden3.Normalization.Shift 1x5", "Output.Weights 5x2 decays", "Output.Biases 1x2",
            ],
            Describe(layout));
    }

    [Fact]
    public void Layout_NormalizedWeightsAndLearnedUnits_NamesParametersAndDecaysWeightsOnly()
    {
        var architecture = new MlpArchitecture(4, 2)
        {
            HiddenLayers =
            [
                new(3) { Normalization = Normalization.Weight, Activation = Activation.PRelu() }, new(5) { Normalization = Normalization.Cosine },
                new(2) { Normalization = Normalization.BatchRenormalization, Activation = Activation.Maxout(3) },
            ],
        };
        ParameterLayout layout = architecture.Layout();
        Assert.Equal(
            [
                "Hidden1.Weights 4x3 decays", "Hidden1.Biases 1x3", "Hidden1.Gain 1x3", "Hidden1.Slopes 1x3", "Hidden2.Weights 3x5 decays",
                    "Hidden3.Weights 5x6 decays",
                "Hidden3.Normalization.Gain 1x6", "Hidden3.Normalization.Shift 1x6", "Hidden3.Normalization.Mean 1x6 statistic",
                "Hidden3.Normalization.Deviation 1x6 statistic", "Hidden3.Normalization.Steps 1x1 statistic", "Output.Weights 2x2 decays", "Output.Biases 1x2",
            ],
            Describe(layout));
    }

    [Fact]
    public void Layout_EveryArchitecture_IsThatOfItsNetworks()
    {
        foreach (string name in RandomModels.Names)
        {
            MlpArchitecture architecture = RandomModels.Named(name).Architecture;
            ParameterLayout layout = architecture.Layout();
            Assert.Equal(layout.Parameters, new MlpNetwork(architecture, 5).Parameters.Layout.Parameters);
            Assert.True(layout.Parameters[^1].Part.IsOutput);
            Assert.All(layout.Parameters, parameter => Assert.StartsWith(parameter.Part + ".", parameter.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void HiddenLayers_InitialBiasWithoutAnyBias_IsRefused()
    {
        HiddenLayer cosine = new(3) { Normalization = Normalization.Cosine, InitialBias = 0.5f };
        var error = Assert.Throws<ArgumentException>(() => new MlpArchitecture(4, 2) { HiddenLayers = [new(3) { InitialBias = 1 }, cosine] });
        Assert.Equal("HiddenLayers", error.ParamName);
        Assert.Contains("InitialBias must be 0 with CosineNormalization, which has no biases, but in hidden layer 2 it is 0.5.", error.Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<string> Describe(ParameterLayout layout) =>
        layout.Parameters.Select(p => $"{p.Name} {p.Rows}x{p.Columns}{(p.Decays ? " decays" : "")}{(p.Trainable ? "" : " statistic")}");
}
