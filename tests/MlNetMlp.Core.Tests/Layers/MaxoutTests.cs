using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Gradients are checked with all other layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public sealed class MaxoutTests : IDisposable
{
    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    [InlineData(5, 7)]
    [InlineData(33, 3)]
    public void ForwardAndBackward_AnyShape_PassTheLargest(int units, int pieces)
    {
        const int Rows = 4;
        var layer = new MaxoutLayer(units, pieces);
        float[] z = new float[Rows * units * pieces], y = new float[Rows * units], above = new float[y.Length], below = new float[z.Length];
        new SeededRandom(2).FillNormal(z, -1, 1);
        new SeededRandom(3).FillNormal(above, 0, 1);
        below.AsSpan().Fill(99);
        var pass = new Pass(PassMode.Training, new ParameterVector(new ParameterLayout()), _team, default);
        layer.Forward(pass, new ReadOnlyMatrixSpan(z, Rows, units * pieces), new MatrixSpan(y, Rows, units));
        layer.Backward(
            pass, new ReadOnlyMatrixSpan(z, Rows, units * pieces), new ReadOnlyMatrixSpan(y, Rows, units), new MatrixSpan([.. above], Rows, units),
                new MatrixSpan(below, Rows, units * pieces));
        for (int i = 0; i < y.Length; i++)
        {
            int[] places = [.. Enumerable.Range(0, pieces).Select(p => i / units * units * pieces + p * units + i % units)];
            int largest = places.MaxBy(place => z[place]);
            Assert.Equal(z[largest], y[i]);
            Assert.All(places, place => Assert.Equal(place == largest ? above[i] : 0, below[place]));
        }
    }

    [Fact]
    public void Backward_EqualSums_GoesToTheFirst()
    {
        var layer = new MaxoutLayer(2, 3);
        float[] z = [1, 0, 5, 7, 5, 7], y = [5, 7], below = new float[6];
        layer.Backward(new Pass(PassMode.Training, new ParameterVector(new ParameterLayout()), _team, default), new ReadOnlyMatrixSpan(z, 1, 6),
            new ReadOnlyMatrixSpan(y, 1, 2), new MatrixSpan([10, 20], 1, 2), new MatrixSpan(below, 1, 6));
        Assert.Equal([0, 0, 10, 20, 0, 0], below);
    }

    [Fact]
    public void Train_TwoPieces_LearnTheAbsoluteValue()
    {
        // max(x, -x): one unit of two pieces is exact, what one rectifier cannot be.
        var rows = new InMemoryRows(1, 1);
        for (int i = -20; i <= 20; i++)
        {
            rows.Add([i / 10f], [Math.Abs(i / 10f)]);
        }

        MlpTrainingOptions options = new() { NumberOfEpochs = 600, BatchSize = 41, NumberOfThreads = 1, LearningRate = Schedule.Cosine(0.05f) };
        Assert.InRange(Loss(Activation.Maxout()), 0, 1e-3);
        Assert.InRange(Loss(Activation.Relu), 0.1, 2);

        double Loss(Activation activation) =>
            MlpTrainer.Train(new(new MlpArchitecture(1, 1) { HiddenLayers = [new(1) { Activation = activation }] }, new SquaredError(), rows)
            {
                Options = options,
            }).History[^1].TrainingLoss;
    }

    [Fact]
    public void Initialize_DefaultWeights_KeepTheMeanSquareOfTwoPieces()
    {
        Assert.Equal(Initializer.LeCun, Activation.Maxout().DefaultInitializer);
        var network = new MlpNetwork(new MlpArchitecture(300, 1) { HiddenLayers = [new(400) { Activation = Activation.Maxout() }] }, 1);
        network.Initialize(new SeededRandom(1));
        float[] x = new float[300], z = new float[800], y = new float[400];
        new SeededRandom(2).FillNormal(x, 0, 1);
        ReadOnlySpan<float> weights = network.Parameters.Value(network.Parameters.Layout.Parameters[0]);
        for (int i = 0; i < weights.Length; i++)
        {
            z[i % 800] += x[i / 800] * weights[i];
        }

        MaxoutStep.Maximum(new ReadOnlyMatrixSpan(z, 1, 800), new MatrixSpan(y, 1, 400));

        // The mean square of 400 units has a standard deviation of some 7 %.
        Assert.Equal(x.Average(value => value * value), y.Average(value => value * value), 0.25);
    }

    [Fact]
    public void Layout_Maxout_HasColumnsForEveryPiece()
    {
        var architecture = new MlpArchitecture(4, 2) { HiddenLayers = [new(3) { Activation = Activation.Maxout(5), Dropout = 0.5f }] };
        Assert.Equal(["Hidden1.Weights 4x15", "Hidden1.Biases 1x15", "Output.Weights 3x2", "Output.Biases 1x2"],
            new MlpNetwork(architecture, 0).Parameters.Layout.Parameters.Select(p => $"{p.Name} {p.Rows}x{p.Columns}"));
        Assert.Equal("4-3-2", architecture.ToString());
    }

    [Fact]
    public void Load_ClaimedPieces_AsksForNoMoreMemoryThanThereAreBytes()
    {
        byte[] bytes = SmallData.Saved(RandomModels.Create(new MlpArchitecture(4,
            2)
        { HiddenLayers = [new(3) { Activation = Activation.Maxout(5) }] }, new SquaredError()));
        int place = bytes.AsSpan().IndexOf((byte[])[3, 0, 0, 0, 12, 5, 0, 0, 0]) + 5;
        foreach (int pieces in (int[])[int.MaxValue, 1 << 28, 100_000, 1, 0, -1])
        {
            byte[] damaged = [.. bytes];
            BitConverter.GetBytes(pieces).CopyTo(damaged, place);
            System.Security.Cryptography.SHA256.HashData(damaged.AsSpan(0, damaged.Length - 32)).CopyTo(damaged, damaged.Length - 32);
            long before = GC.GetAllocatedBytesForCurrentThread();
            using var stream = new MemoryStream(damaged);
            Assert.Throws<InvalidDataException>(() => MlpModel.Load(stream));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }
}
