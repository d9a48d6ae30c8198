using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The backward step behind an activation: the gradient of the weighted sums, <c>D = dL/dY * f'(z)</c>, and that of the biases, the
/// column sums of D. Shared out over the threads by columns, for each column's sum has its order.
/// </summary>
internal readonly unsafe struct SumGradient : IParallelBody
{
    /// <summary>The fewest columns of a tile.</summary>
    private const int FewColumns = 64;

    /// <summary>Tiles for each thread, so that one that is held up can be helped out by the others.</summary>
    private const int TilesPerThread = 2;

    /// <summary>Below this many elements, some five microseconds of work, another thread costs more than it saves.</summary>
    private const int SmallMatrix = 1 << 14;

    private readonly Activation _activation;
    private readonly float* _known;
    private readonly float* _gradient;
    private readonly float* _biasGradient;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _columnsAtOnce;

    private SumGradient(Activation activation, float* known, float* gradient, float* biasGradient, int rows, int columns, int threads)
    {
        _activation = activation;
        _known = known;
        _gradient = gradient;
        _biasGradient = biasGradient;
        _rows = rows;
        _columns = columns;

        // Whole cache lines: no two threads write to one.
        int wanted = Math.Max(FewColumns, (columns + threads * TilesPerThread - 1) / (threads * TilesPerThread));
        _columnsAtOnce = (wanted + ParameterLayout.Alignment - 1) / ParameterLayout.Alignment * ParameterLayout.Alignment;
    }

    /// <param name="activation">f, as the layer applied it.</param>
    /// <param name="output">Y [rows, units].</param>
    /// <param name="gradient">dL/dY [rows, units]; becomes D.</param>
    /// <param name="biasGradient">[units], overwritten with the column sums; empty where there are no biases.</param>
    /// <param name="team">The threads.</param>
    public static void Compute(LayerActivation activation, ReadOnlyMatrixSpan output, MatrixSpan gradient, Span<float> biasGradient, ThreadTeam team)
    {
        fixed (float* known = activation.Known(output.Values), target = gradient.Values, sums = biasGradient)
        {
            var body = new SumGradient(activation.Function, known, target, sums, gradient.Rows, gradient.Columns, team.ActiveThreads);
            if (team.ActiveThreads > 1 && gradient.Values.Length >= SmallMatrix && gradient.Columns > body._columnsAtOnce)
            {
                team.Run((gradient.Columns + body._columnsAtOnce - 1) / body._columnsAtOnce, ref body);
            }
            else
            {
                body.Whole();
            }
        }
    }

    public void Execute(int tile, int worker)
    {
        int first = tile * _columnsAtOnce, columns = Math.Min(_columnsAtOnce, _columns - first);
        for (int i = 0; i < _rows; i++)
        {
            int start = i * _columns + first;
            _activation.MultiplyByDerivative(new ReadOnlySpan<float>(_known + start, columns), new Span<float>(_gradient + start, columns));
        }

        Sum(first, columns);
    }

    private void Whole()
    {
        _activation.MultiplyByDerivative(new ReadOnlySpan<float>(_known, _rows * _columns), new Span<float>(_gradient, _rows * _columns));
        Sum(0, _columns);
    }

    private void Sum(int first, int columns)
    {
        if (_biasGradient is not null)
        {
            new Span<float>(_biasGradient + first, columns).Clear();
            RowOps.AddColumnSums(_gradient + first, _columns, _rows, columns, _biasGradient + first);
        }
    }
}
