using BenchmarkDotNet.Attributes;
using MlNetMlp.Benchmarks.SideBySide;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks;

/// <summary>Scoring, from span to span.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private MlpModel? _model;
    private float[] _features = [];
    private float[] _scores = [];

    /// <summary>The sizes of the layers.</summary>
    [Params("16-64-32-1", "784-100-10", "784-512-512-10")]
    public string Network { get; set; } = "";

    /// <summary>The rows of a call.</summary>
    [Params(1, 128)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        int[] sizes = [.. Network.Split('-').Select(int.Parse)];
        _model = Untrained.Create(Trainings.Architecture(sizes, 0), Trainings.LossFor(sizes));
        (_features, _scores) = (new float[Rows * sizes[0]], new float[Rows * sizes[^1]]);
        new SeededRandom(1).FillNormal(_features, 0, 1);
    }

    [Benchmark]
    public void Predict() => _model!.Predict(_features, _scores, Rows);
}
