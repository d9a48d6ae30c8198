using BenchmarkDotNet.Attributes;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks;

/// <summary>The three products of a training step of a dense layer with as many inputs as units.</summary>
public class ProductBenchmarks : IDisposable
{
    private readonly ThreadTeam _team = new(1);
    private AlignedBuffer _rows = new(0);
    private AlignedBuffer _weights = new(0);
    private AlignedBuffer _gradients = new(0);

    /// <summary>The rows of a mini-batch.</summary>
    [Params(32, 128)]
    public int Batch { get; set; }

    /// <summary>Inputs and units of the layer.</summary>
    [Params(64, 512)]
    public int Units { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        (_rows, _weights, _gradients) = (new(Batch * Units), new(Units * Units), new(Batch * Units));
        new SeededRandom(1).FillNormal(_rows.Span, 0, 1);
        new SeededRandom(2).FillNormal(_weights.Span, 0, 0.05f);
    }

    [Benchmark]
    public void Forward() => MatMul.Multiply(_rows.AsMatrix(Batch, Units), _weights.AsMatrix(Units, Units), _gradients.AsMatrix(Batch, Units), _team,
        default(NoEpilogue));

    [Benchmark]
    public void InputGradient() => MatMul.MultiplyTransposed(_rows.AsMatrix(Batch, Units), _weights.AsMatrix(Units, Units),
        _gradients.AsMatrix(Batch, Units), _team);

    [Benchmark]
    public void WeightGradient() => MatMul.TransposedMultiply(_rows.AsMatrix(Batch, Units), _gradients.AsMatrix(Batch, Units),
        _weights.AsMatrix(Units, Units), _team);

    public void Dispose()
    {
        _team.Dispose();
        GC.SuppressFinalize(this);
    }
}
