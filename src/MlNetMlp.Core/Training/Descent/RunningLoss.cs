using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The mean loss over the rows of the last N mini-batches, whatever epochs they belong to: a smooth estimate that soon forgets the past.</summary>
/// <remarks>
/// Its memory is a buffer of floats as all of a training run's state is, but holds numbers in double precision: how many mini-batches there
/// were, then sum and rows of each of the last N.
/// </remarks>
internal sealed class RunningLoss(int batches)
{
    public const string StateName = "running loss";

    private readonly AlignedBuffer _memory = new(checked(sizeof(double) / sizeof(float) * (1 + 2 * batches)));

    public OptimizerState State => new(StateName, _memory);

    /// <summary>The mean; NaN before the first mini-batch.</summary>
    public double Mean
    {
        get
        {
            ReadOnlySpan<double> memory = Memory;
            double sum = 0, rows = 0;
            for (int i = 0; i < Math.Min(memory[0], batches); i++)
            {
                sum += memory[1 + 2 * i];
                rows += memory[2 + 2 * i];
            }

            return sum / rows;
        }
    }

    private Span<double> Memory => MemoryMarshal.Cast<float, double>(_memory.Span);

    /// <summary>Adds a mini-batch and, once there are N, forgets the oldest.</summary>
    /// <param name="sum">The sum of the loss over its rows.</param>
    /// <param name="rows">The number of its rows.</param>
    public void Add(double sum, int rows)
    {
        Span<double> memory = Memory;
        int place = (int)(memory[0] % batches);
        memory[1 + 2 * place] = sum;
        memory[2 + 2 * place] = rows;
        memory[0]++;
    }
}
