using BenchmarkDotNet.Attributes;
using MlNetMlp.Benchmarks.SideBySide;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks;

/// <summary>A training step, and a training of one epoch with all that it sets up.</summary>
public class TrainingBenchmarks : IDisposable
{
    private const int Rows = 3200;

    private readonly ThreadTeam _team = new(1);
    private readonly SoftmaxCrossEntropy _loss = new();
    private MlpArchitecture _architecture = new(1, 2);
    private InMemoryRows _rows = new(1, 1);
    private MlpNetwork? _network;
    private IOptimizerRule? _rule;
    private RowBatch _batch = new(1, 1);
    private long _step;

    /// <summary>The sizes of the layers.</summary>
    [Params("16-64-32-2", "784-100-10")]
    public string Network { get; set; } = "";

    /// <summary>The rows of a mini-batch.</summary>
    [Params(32, 128)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        int[] sizes = [.. Network.Split('-').Select(int.Parse)];
        _architecture = Trainings.Architecture(sizes, 0);
        _rows = Trainings.Rows(sizes[0], sizes[^1], Rows);
        _network = new MlpNetwork(_architecture, Batch);
        _network.Initialize(new SeededRandom(1));
        _rule = new Adam().CreateRule(_network.Parameters.Layout.TrainableLength);
        _batch = new RowBatch(_rows);
        _rows.Gather([.. Enumerable.Range(0, Batch)], _batch);
    }

    [Benchmark]
    public double Step()
    {
        var pass = new Pass(PassMode.Training, _network!.Parameters, _team, new SeededRandom(1));
        MatrixSpan logits = _network.Forward(pass, _batch);
        double loss = _loss.Gradient(logits, _batch.TargetMatrix, _batch.Weights, 1f / Batch, _network.LogitGradient(Batch));
        _network.Backward(pass, _batch);
        _rule!.Begin(new StepContext(1e-4f, 1, ++_step));
        SharedStep.Run(_network.Parameters, _rule, _team);
        return loss;
    }

    [Benchmark]
    public MlpTrainingResult Epoch() =>
        MlpTrainer.Train(new(_architecture, _loss, _rows) { Options = new MlpTrainingOptions { NumberOfEpochs = 1, BatchSize = Batch, NumberOfThreads = 1 } });

    public void Dispose()
    {
        _team.Dispose();
        GC.SuppressFinalize(this);
    }
}
