using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public sealed class DropoutTests : IDisposable
{
    private const int Rows = 400;
    private const int Units = 250;

    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.8f)]
    public void Forward_Training_DropsTheRateAndKeepsTheMean(float rate)
    {
        float[] output = Forward(rate, PassMode.Training, new SeededRandom(3));

        // Inputs are 2: what is kept is 2 / (1 - p). Bounds of four standard deviations of 100,000 draws.
        Assert.All(output, value => Assert.True(value == 0 || Math.Abs(value - 2 / (1 - rate)) < 1e-5));
        double dropped = output.Count(value => value == 0) / (double)output.Length, deviation = Math.Sqrt(rate * (1 - rate) / output.Length);
        Assert.Equal(rate, dropped, 4 * deviation);
        Assert.Equal(2, output.Average(), 4 * 2 / (1 - rate) * deviation);

        // Every unit and every row on its own, too: no unit is always dropped. Five deviations, for there are many of them.
        Assert.All(Enumerable.Range(0, Units), unit => Assert.Equal(
            rate, Enumerable.Range(0, Rows).Count(row => output[row * Units + unit] == 0) / (double)Rows, 5 * Math.Sqrt(rate * (1 - rate) / Rows)));
        Assert.All(output.Chunk(Units), row => Assert.Equal(rate, row.Count(value => value == 0) / (double)Units, 5 * Math.Sqrt(rate * (1 - rate) / Units)));
    }

    [Fact]
    public void Forward_Training_DrawsEveryRowAfresh()
    {
        float[] output = Forward(0.5f, PassMode.Training, new SeededRandom(3));
        Assert.Equal(Rows, output.Chunk(Units).Select(row => string.Join(' ', row)).Distinct().Count());
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
    [InlineData(2)]
    [InlineData(3)]
    public void ForwardAndBackward_AnyNumberOfThreads_MultiplyByOneMask(int threads)
    {
        using var team = new ThreadTeam(threads);
        var layer = new DropoutLayer(NetworkPart.Hidden(4), Units, 0.3f, Rows);
        var parameters = new ParameterVector(new ParameterLayout());
        var random = new SeededRandom(3);
        var pass = new Pass(PassMode.Training, parameters, team, random);
        float[] ones = new float[Rows * Units], mask = new float[ones.Length], output = new float[ones.Length], below = new float[ones.Length];
        ones.AsSpan().Fill(1);
        NetworkPart.Hidden(4).Random(random, RandomPurpose.Dropout).FillKeepMask(mask, 1 - 0.3f);
        layer.Forward(pass, new ReadOnlyMatrixSpan(ones, Rows, Units), new MatrixSpan(output, Rows, Units));
        Assert.Equal(mask, output);
        layer.Backward(pass, new ReadOnlyMatrixSpan(ones, Rows, Units), new ReadOnlyMatrixSpan(output, Rows, Units),
            new MatrixSpan(ones, Rows, Units), new MatrixSpan(below, Rows, Units));
        Assert.Equal(mask, below);
    }

    [Theory]
    [InlineData(PassMode.Scoring)]
    [InlineData(PassMode.Collecting)]
    public void ForwardAndBackward_NotTraining_ChangeNothing(object mode)
    {
        var layer = new DropoutLayer(NetworkPart.Hidden(0), Units, 0.5f, Rows);
        Run(layer, PassMode.Training, new SeededRandom(3));
        Assert.All(Run(layer, (PassMode)mode, new SeededRandom(3)), value => Assert.Equal(2, value));

        float[] gradient = [.. Enumerable.Repeat(5f, Units)], below = new float[Units];
        layer.Backward(Pass((PassMode)mode, default), default, default, new MatrixSpan(gradient, 1, Units), new MatrixSpan(below, 1, Units));
        Assert.Equal(gradient, below);
    }

    [Fact]
    public void Train_StandingStill_DrawsFreshMasksEveryEpochAndMiniBatch()
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
        double[] firstBatch = Losses(options, weightOfFirstBatch: 1, 0.5f), secondBatch = Losses(options, weightOfFirstBatch: 0, 0.5f);
        Assert.Equal(10, firstBatch.Concat(secondBatch).Distinct().Count());
        Assert.Single(Losses(options, weightOfFirstBatch: 1, 0).Distinct());
    }

    private static double[] Losses(MlpTrainingOptions options, float weightOfFirstBatch, float inputDropout)
    {
        var rows = new InMemoryRows(9, 1);
        for (int i = 0; i < 8; i++)
        {
            rows.Add([1, 2, 3, 4, 5, 6, 7, 8, 9], [1], i < 4 ? weightOfFirstBatch : 1 - weightOfFirstBatch);
        }

        var architecture = new MlpArchitecture(9, 1) { InputDropout = inputDropout };
        return [.. MlpTrainer.Train(new(architecture, new SigmoidCrossEntropy(), rows)
        {
            Options = options,
        }).History.Select(report => report.TrainingLoss)];
    }

    private float[] Forward(float rate, PassMode mode, SeededRandom random, int number = 0) =>
        Run(new DropoutLayer(NetworkPart.Hidden(number), Units, rate, Rows), mode, random);

    private float[] Run(DropoutLayer layer, PassMode mode, SeededRandom random)
    {
        float[] input = [.. Enumerable.Repeat(2f, Rows * Units)], output = new float[input.Length];
        layer.Forward(Pass(mode, random), new ReadOnlyMatrixSpan(input, Rows, Units), new MatrixSpan(output, Rows, Units));
        return output;
    }

    private Pass Pass(PassMode mode, SeededRandom random) => new(mode, new ParameterVector(new ParameterLayout()), _team, random);
}
