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

    /// <summary>The sizes of the layers; <c>default</c>: what <c>Mlp()</c> makes of 30 numbers.</summary>
    [Params("16-64-32-1", "784-100-10", "784-512-512-10", "default")]
    public string Network { get; set; } = "";

    /// <summary>The rows of a call.</summary>
    [Params(1, 128)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        if (Network == "default")
        {
            _model = Untrained.Create(EncodedScorings.Architecture(), new SquaredError());
        }
        else
        {
            int[] sizes = [.. Network.Split('-').Select(int.Parse)];
            _model = Untrained.Create(Trainings.Architecture(sizes, 0), Trainings.LossFor(sizes));
        }

        (_features, _scores) = (new float[Rows * _model.FeatureCount], new float[Rows * _model.OutputCount]);
        new SeededRandom(1).FillNormal(_features, 0, 1);
    }

    [Benchmark]
    public void Predict() => _model!.Predict(_features, _scores, Rows);
}
