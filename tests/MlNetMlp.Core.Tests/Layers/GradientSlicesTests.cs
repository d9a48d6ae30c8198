using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>A backward pass in slices, each of which is final as soon as it is there.</summary>
public class GradientSlicesTests
{
    /// <summary>
    /// The whole backward pass of a network gives the expected bits, for every kind of layer; in slices they come from another one that shares its parameters,
    /// and does not write behind a slice what was not there when it was said to be final.
    /// </summary>
    [Theory]
    [MemberData(nameof(GradientCase.Names), MemberType = typeof(GradientCase))]
    public void Slices_AreTheWholeBackwardPass_AndFinalAtOnce(string name)
    {
        GradientCase example = GradientCase.Named(name);
        var random = new SeededRandom(5);
        using var team = new ThreadTeam(1);
        var network = new MlpNetwork(example.Architecture, example.Rows);
        var lane = new MlpNetwork(example.Architecture, example.Rows, parameters: network.Parameters);
        RandomModels.Randomize(network.Parameters, random.At(1));
        float[] features = new float[example.Rows * example.Architecture.InputSize];
        random.At(2).FillNormal(features, 0.3f, 1);
        (float[] targets, float[] weights) = example.Targets(random.At(3));
        RowBatch batch = Batches.Of(features, targets, weights);
        var pass = new Pass(example.Mode, network.Parameters, team, random.At(4)) { RowWeights = weights };
        Span<float> gradients = network.Parameters.Gradients.Span;
        float[] values = network.Parameters.Snapshot();

        Forward(network);
        gradients.Fill(99);
        network.Backward(pass, batch);
        int[] expected = Bits.Of(gradients);

        // Statistics have moved.
        network.Parameters.Restore(values);
        Forward(lane);
        gradients.Fill(99);
        int end = gradients.Length;
        foreach (GradientSlice slice in lane.Slices(1))
        {
            Assert.Equal(end, slice.First + slice.Length);
            end = slice.First;
            lane.BackwardSlice(pass, batch, slice);
            Assert.Equal(expected[end..], Bits.Of(gradients[end..]));
        }

        Assert.Equal(0, end);

        void Forward(MlpNetwork one) => one.Differentiate(example.Loss, one.Forward(pass, batch), batch, 0.1f, units: null, pass.Team);
    }

    [Fact]
    public void Slices_HaveTheLengthThatIsAskedFor()
    {
        var network = new MlpNetwork(new MlpArchitecture(5, 2) { HiddenLayers = [new(40), new(30), new(20), new(10)] }, 1);

        // Weights and biases, each rounded up to 16: 208 + 48, 1200 + 32, 608 + 32, 208 + 16, 32 + 16.
        Assert.Equal([48, 224, 640, 1232, 256], network.Slices(1).Select(slice => slice.Length));
        Assert.Equal([912, 1232, 256], network.Slices(300).Select(slice => slice.Length));
        Assert.Equal([2400], network.Slices(int.MaxValue).Select(slice => slice.Length));
    }
}
