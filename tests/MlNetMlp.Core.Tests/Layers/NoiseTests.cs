using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class NoiseTests : IDisposable
{
    private const int Rows = 400;
    private const int Units = 250;

    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(0.1f)]
    [InlineData(3f)]
    public void Forward_Training_AddsNormalNoiseOfTheDeviation(float deviation)
    {
        double[] noise = [.. Forward(deviation, PassMode.Training, new SeededRandom(3)).Select(value => (value - 2) / (double)deviation)];

        // Four standard deviations of the mean, the variance and the fourth moment (0, 1 and 3 of a normal distribution) of 100,000 draws.
        double root = Math.Sqrt(noise.Length);
        Assert.Equal(0, noise.Average(), 4 / root);
        Assert.Equal(1, noise.Average(n => n * n), 4 * Math.Sqrt(2) / root);
        Assert.Equal(3, noise.Average(n => n * n * n * n), 4 * Math.Sqrt(96) / root);

        // Every unit and every row on its own, too, and neighbours have nothing to do with each other.
        Assert.All(Enumerable.Range(0, Units), unit => Assert.Equal(0, noise.Where((_, i) => i % Units == unit).Average(), 5 / Math.Sqrt(Rows)));
        Assert.All(noise.Chunk(Units), row => Assert.Equal(0, row.Average(), 5 / Math.Sqrt(Units)));
        Assert.Equal(0, noise.Zip(noise.Skip(1), (one, next) => one * next).Average(), 4 / root);
        Assert.Equal(0, noise.Zip(noise.Skip(Units), (one, below) => one * below).Average(), 4 / root);
    }

    [Fact]
    public void Forward_Training_IsAFunctionOfTheAddressAndTheLayer()
    {
        var random = new SeededRandom(3);
        float[] output = Forward(0.5f, PassMode.Training, random);
        Assert.Equal(output, Forward(0.5f, PassMode.Training, random));
        Assert.NotEqual(output, Forward(0.5f, PassMode.Training, random.At(1)));
        Assert.NotEqual(output, Forward(0.5f, PassMode.Training, new SeededRandom(4)));
        Assert.NotEqual(output, Forward(0.5f, PassMode.Training, random, number: 1));
    }

    [Theory]
    [InlineData(PassMode.Scoring)]
    [InlineData(PassMode.Collecting)]
    public void Forward_NotTraining_ChangesNothing(object mode) =>
        Assert.All(Forward(0.5f, (PassMode)mode, new SeededRandom(3)), value => Assert.Equal(2, value));

    [Fact]
    public void Train_StandingStill_DrawsFreshNoiseEveryEpochForInputsAndUnits()
    {
        // A rate of almost zero: the loss of an epoch is a function of its noise alone.
        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 5,
            BatchSize = 4,
            Shuffle = false,
            LearningRate = 1e-30f,
            Optimizer = new Sgd(),
            NumberOfThreads = 1
        };
        Assert.Equal(15, Losses(0.5f, 0).Concat(Losses(0, 0.5f)).Concat(Losses(0.5f, 0.5f)).Distinct().Count());
        Assert.Single(Losses(0, 0).Distinct());

        IEnumerable<double> Losses(float inputNoise, float noise)
        {
            var loss = new SigmoidCrossEntropy();
            var architecture = new MlpArchitecture(4, 1) { InputNoise = inputNoise, HiddenLayers = [new(6) { Activation = Activation.Tanh, Noise = noise }] };
            return MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 8, outputs: 1))
            {
                Options = options,
            }).History.Select(report => report.TrainingLoss);
        }
    }

    [Fact]
    public void Train_LinearModelWithInputNoise_ShrinksTheWeightAsRidgeRegressionDoes()
    {
        // y = x for x = -1 and 1, half the squared error: the mean over the noise is ((1 - w)^2 + s^2 w^2) / 2, least at w = 1 / (1 + s^2).
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < 2000; i++)
        {
            rows.Add([i % 2 * 2 - 1], [i % 2 * 2 - 1]);
        }

        MlpTrainingOptions options = new()
        {
            NumberOfEpochs = 40,
            BatchSize = 100,
            LearningRate = Schedule.Cosine(0.05f),
            Optimizer = new Sgd(),
            NumberOfThreads = 1
        };
        MlpModel model = MlpTrainer.Train(new(new MlpArchitecture(1, 1) { InputNoise = 1 }, new SquaredError(), rows) { Options = options }).Model;
        Assert.Equal(0.5, RandomModels.Scores(model, [1])[0], 0.03);
    }

    private float[] Forward(float deviation, PassMode mode, SeededRandom random, int number = 0)
    {
        float[] input = [.. Enumerable.Repeat(2f, Rows * Units)], output = new float[input.Length];
        new NoiseLayer(NetworkPart.Hidden(number), Units, deviation).Forward(
            new Pass(mode, new ParameterVector(new ParameterLayout()), _team, random), new ReadOnlyMatrixSpan(input, Rows, Units),
                new MatrixSpan(output, Rows, Units));
        return output;
    }
}
