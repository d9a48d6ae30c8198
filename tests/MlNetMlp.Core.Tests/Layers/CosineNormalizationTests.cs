using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Formulas and gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public sealed class CosineNormalizationTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Fact]
    public void Forward_RowsAlongAgainstAndAcrossTheWeights_AreOneMinusOneAndZero()
    {
        var architecture = new MlpArchitecture(3,
            1)
        { HiddenLayers = [new(1) { Activation = Activation.Identity, Normalization = new CosineNormalization { Epsilon = 1e-12f } }] };
        var network = new MlpNetwork(architecture, 5);
        ((float[])[3, 0, 4]).CopyTo(network.Parameters.Value(network.Parameters.Layout.Parameters[0]));
        network.Parameters.Value(network.Parameters.Layout.Parameters.Single(parameter => parameter.Name == "Output.Weights"))[0] = 1;
        float[] rows = [6e10f, 0, 8e10f, -0.003f, 0, -0.004f, 0, 5, 0, 1, 0, 0, 0, 0, 0];
        float[] cosines = network.Forward(new Pass(PassMode.Training, network.Parameters, _team, default), Batches.Of(rows, 3)).Values.ToArray();
        Assert.All(cosines.Zip([1f, -1, 0, 0.6f, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData(100f)]
    [InlineData(1e15f)]
    public void Predict_WeightsOfAnyLength_ScoresTheSame(float factor)
    {
        MlpModel model = RandomModels.Create(new MlpArchitecture(6, 2) { HiddenLayers = [new(9) { Normalization = Normalization.Cosine }] },
            new SquaredError());
        ParameterVector parameters = model.RestoreParameters();
        foreach (ref float weight in parameters.Value(parameters.Layout.Parameters[0]))
        {
            weight *= factor;
        }

        var longer = new MlpModel(model.Architecture, model.Loss, model.Standardizer, model.Targets, parameters.Snapshot());
        float[] features = RandomModels.Features(model, 20), scores = RandomModels.Scores(model, features);
        Assert.All(scores.Zip(RandomModels.Scores(longer, features)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * scores.Max(MathF.Abs)));
    }

    [Fact]
    public void Backward_RowOfZeros_HasFiniteGradients()
    {
        var architecture = new MlpArchitecture(3, 2) { HiddenLayers = [new(4) { Normalization = Normalization.Cosine }] };
        var network = new MlpNetwork(architecture, 1);
        RandomModels.Randomize(network.Parameters, new SeededRandom(1));
        network.Parameters.Value(network.Parameters.Layout.Parameters[0])[0..4].Clear();
        var pass = new Pass(PassMode.Training, network.Parameters, _team, default);
        float[] zeros = new float[3], inputGradient = new float[3];
        network.Forward(pass, Batches.Of(zeros, 3));
        network.LogitGradient(1).Values.Fill(1);
        network.Backward(pass, Batches.Of(zeros, 3), new MatrixSpan(inputGradient, 1, 3));
        Assert.All(network.Parameters.Gradients.Span.ToArray().Concat(inputGradient), gradient => Assert.True(float.IsFinite(gradient)));
    }

    [Fact]
    public void Train_MiniBatchesOfOneRow_Learn()
    {
        var loss = new SoftmaxCrossEntropy();
        InMemoryRows rows = SmallData.For(loss, 300);
        var architecture = new MlpArchitecture(4, 3)
        {
            HiddenLayers = [new(32) { Normalization = Normalization.Cosine },
            new(24) { Normalization = Normalization.Cosine }]
        };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, loss, rows)
        {
            Options = new() { NumberOfEpochs = 15, BatchSize = 1, NumberOfThreads = 1, LearningRate = Schedule.Cosine(3e-3f) },
        });
        Assert.InRange(Evaluation.Accuracy(result.Model, rows), 0.85, 1);
    }
}
