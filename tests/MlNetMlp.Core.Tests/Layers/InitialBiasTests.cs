using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class InitialBiasTests
{
    public static TheoryData<string, Normalization?, string> Places => new()
    {
        { "none", null, "Biases" },
        { "weight", Normalization.Weight, "Biases" },
        { "batch", Normalization.Batch, "Normalization.Shift" },
        { "renormalization", Normalization.BatchRenormalization, "Normalization.Shift" },
        { "layer", Normalization.Layer, "Normalization.Shift" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Initialize_InitialBias_IsInTheBiasesOrWhatTakesTheirPlace(string what, Normalization? normalization, string name)
    {
        foreach (float bias in (float[])[0, 0.1f, -2])
        {
            HiddenLayer layer = new(3) { Normalization = normalization, InitialBias = bias };
            var architecture = new MlpArchitecture(4, 2) { HiddenLayers = [layer, layer with { Activation = Activation.Maxout(), InitialBias = 7 }] };
            var network = new MlpNetwork(architecture, 0);
            network.Initialize(new SeededRandom(1));
            Assert.Equal([.. Enumerable.Repeat(bias, 3)], Value(network, "Hidden1." + name));
            Assert.Equal([.. Enumerable.Repeat(7f, 6)], Value(network, "Hidden2." + name));
            Assert.Equal([0, 0], Value(network, "Output.Biases"));
            Assert.True(network.Parameters.Layout.Parameters.Count > 0, what);
        }
    }

    private static float[] Value(MlpNetwork network, string name) =>
        network.Parameters.Value(network.Parameters.Layout.Parameters.Single(parameter => parameter.Name == name)).ToArray();
}
