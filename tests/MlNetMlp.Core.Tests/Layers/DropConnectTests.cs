using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class DropConnectTests
{
    private const int Inputs = 400;
    private const int Units = 250;

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.8f)]
    public void Draw_AnyRate_DropsTheRateAndKeepsTheMean(float rate)
    {
        float[] kept = Draw(rate, new SeededRandom(3));

        // Weights are 2: what is kept is 2 / (1 - p). Bounds of four standard deviations of 100,000 draws.
        Assert.All(kept, value => Assert.True(value == 0 || Math.Abs(value - 2 / (1 - rate)) < 1e-5));
        double dropped = kept.Count(value => value == 0) / (double)kept.Length, deviation = Math.Sqrt(rate * (1 - rate) / kept.Length);
        Assert.Equal(rate, dropped, 4 * deviation);
        Assert.Equal(2, kept.Average(), 4 * 2 / (1 - rate) * deviation);

        // Every unit and every input on its own, too: no whole unit is dropped. Five deviations, for there are many of them.
        Assert.All(Enumerable.Range(0, Units), unit => Assert.Equal(
            rate, Enumerable.Range(0, Inputs).Count(input => kept[input * Units + unit] == 0) / (double)Inputs, 5 * Math.Sqrt(rate * (1 - rate) / Inputs)));
        Assert.All(kept.Chunk(Units), row => Assert.Equal(rate, row.Count(value => value == 0) / (double)Units, 5 * Math.Sqrt(rate * (1 - rate) / Units)));
    }

    [Fact]
    public void Draw_Mask_IsAFunctionOfTheAddressAndTheLayer()
    {
        var random = new SeededRandom(3);
        float[] kept = Draw(0.5f, random);
        Assert.Equal(kept, Draw(0.5f, random));
        Assert.NotEqual(kept, Draw(0.5f, random.At(1)));
        Assert.NotEqual(kept, Draw(0.5f, new SeededRandom(4)));
        Assert.NotEqual(kept, Draw(0.5f, random, number: 1));
    }

    [Theory]
    [InlineData(PassMode.Scoring)]
    [InlineData(PassMode.Collecting)]
    public void Forward_NotTraining_UsesAllWeights(object mode)
    {
        using var team = new ThreadTeam(1);
        var plain = new MlpArchitecture(4, 2) { HiddenLayers = [new(9), new(8)] };
        MlpArchitecture dropping = plain with { HiddenLayers = [.. plain.HiddenLayers.Select(layer => layer with { DropConnect = 0.5f })] };
        float[] Logits(MlpArchitecture architecture)
        {
            var network = new MlpNetwork(architecture, 3);
            network.Initialize(new SeededRandom(5));
            var pass = new Pass((PassMode)mode, network.Parameters, team, new SeededRandom(1));
            return network.Forward(pass, Batches.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3], 4)).Values.ToArray();
        }

        Assert.Equal(Logits(plain), Logits(dropping));
    }

    [Fact]
    public void Train_StandingStill_DrawsFreshMasksEveryEpochAndMiniBatchForEveryLayer()
    {
        // Identical rows and a rate of almost zero: the loss of an epoch is a function of its masks alone.
        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 5,
            BatchSize = 4,
            Shuffle = false,
            LearningRate = 1e-30f,
            Optimizer = new Sgd(),
            NumberOfThreads = 1,
            FeatureScaling = FeatureScaling.None,
        };
        IEnumerable<double> all = [.. Losses(1, 0.5f, 0), .. Losses(0, 0.5f, 0), .. Losses(1, 0, 0.5f), .. Losses(0, 0, 0.5f)];
        Assert.Equal(20, all.Distinct().Count());
        Assert.Single(Losses(1, 0, 0).Distinct());

        IEnumerable<double> Losses(float weightOfFirstBatch, float first, float second)
        {
            var rows = new InMemoryRows(9, 1);
            for (int i = 0; i < 8; i++)
            {
                rows.Add([1, 2, 3, 4, 5, 6, 7, 8, 9], [1], i < 4 ? weightOfFirstBatch : 1 - weightOfFirstBatch);
            }

            var architecture = new MlpArchitecture(9, 1)
            {
                HiddenLayers = [new(12) { Activation = Activation.Tanh, DropConnect = first }, new(12) { Activation = Activation.Tanh, DropConnect = second }],
            };
            return MlpTrainer.Train(new(architecture, new SigmoidCrossEntropy(), rows)
            {
                Options = options,
            }).History.Select(report => report.TrainingLoss);
        }
    }

    [Fact]
    public void Train_WithMaxNorm_ConstrainsTheWeightsThemselves()
    {
        // Half of the weights are dropped and the others doubled: a limit on those would leave norms of another size.
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(30) { DropConnect = 0.5f }] };
        MlpTrainingOptions options = new() { NumberOfEpochs = 20, BatchSize = 8, LearningRate = 0.1f, NumberOfThreads = 1, Constraint = new MaxNorm(0.5f) };
        ParameterVector parameters = MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 100))
        {
            Options = options,
        }).Model.RestoreParameters();
        float[] weights = parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == "Hidden1.Weights")).ToArray();
        double[] norms = [.. Enumerable.Range(0, 30).Select(unit => Math.Sqrt(weights.Where((_, i) => i % 30 == unit).Sum(w => (double)w * w)))];
        Assert.Equal(0.5, norms.Max(), 1e-6);
        Assert.DoesNotContain(0f, weights);
    }

    private static float[] Draw(float rate, SeededRandom random, int number = 0)
    {
        float[] weights = [.. Enumerable.Repeat(2f, Inputs * Units)];
        var connections = new DropConnect(NetworkPart.Hidden(number), rate, weights.Length);
        using var team = new ThreadTeam(1);
        connections.Draw(new Pass(PassMode.Training, new ParameterVector(new ParameterLayout()), team, random), weights);
        Assert.All(weights, weight => Assert.Equal(2, weight));
        return connections.Kept.ToArray();
    }
}
