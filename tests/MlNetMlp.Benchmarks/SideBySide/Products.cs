using System.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>The three products of a training step of a dense layer, on one thread, against OpenBLAS.</summary>
internal static class Products
{
    private const double SecondsPerTurn = 0.02;

    private static readonly int[] _batches = [32, 128, 1024];
    private static readonly (int Inputs, int Outputs)[] _layers =
        [(16, 64), (64, 32), (128, 128), (256, 256), (784, 100), (784, 512), (512, 512), (1024, 1024), (512, 10)];

    public static IEnumerable<Contest> All(Peer openBlas)
    {
        foreach ((int inputs, int outputs) in _layers)
        {
            foreach (int batch in _batches)
            {
                yield return Create("nn", batch, inputs, outputs, openBlas);
                yield return Create("nt", batch, outputs, inputs, openBlas);
                yield return Create("tn", inputs, batch, outputs, openBlas);
            }
        }
    }

    /// <param name="form">nn: forward, <c>X W</c>; nt: gradient of the inputs, <c>D W^T</c>; tn: gradient of the weights, <c>X^T D</c>.</param>
    /// <param name="m">The rows of the result.</param>
    /// <param name="k">The terms of each sum.</param>
    /// <param name="n">The columns of the result.</param>
    /// <param name="openBlas">The peer.</param>
    private static Contest Create(string form, int m, int k, int n, Peer openBlas)
    {
        double flops = 2.0 * m * k * n;
        int times = Math.Max(1, (int)(SecondsPerTurn * 1e11 / flops));
        var request = new { @do = "product", m, k, n, form, times };
        return new(
            $"{form} {m} x {k} x {n}", flops * times / 1e9, "GFLOP", new("MlNetMlp", Ours(form, m, k, n, times)),
            [new("OpenBLAS", () => openBlas.Seconds(request))], new Dictionary<string, double> { ["OpenBLAS"] = 0.7 });
    }

    private static Func<double> Ours(string form, int m, int k, int n, int times)
    {
        AlignedBuffer left = Filled(m * k), right = Filled(k * n), result = new(m * n);
        var team = new ThreadTeam(1);
        return () =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < times; i++)
            {
                MatrixSpan c = result.AsMatrix(m, n);
                switch (form)
                {
                    case "nn":
                        MatMul.Multiply(left.AsMatrix(m, k), right.AsMatrix(k, n), c, team, default(NoEpilogue));
                        break;
                    case "nt":
                        MatMul.MultiplyTransposed(left.AsMatrix(m, k), right.AsMatrix(n, k), c, team);
                        break;
                    default:
                        MatMul.TransposedMultiply(left.AsMatrix(k, m), right.AsMatrix(k, n), c, team);
                        break;
                }
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        };
    }

    private static AlignedBuffer Filled(int length)
    {
        var buffer = new AlignedBuffer(length);
        new SeededRandom(1).FillNormal(buffer.Span, 0, 1);
        return buffer;
    }
}
