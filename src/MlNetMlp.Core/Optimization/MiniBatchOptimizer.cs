using System.Numerics;

namespace MlNetMlp;

/// <summary>
/// An optimizer that makes one step for every mini-batch, from the gradient of that mini-batch: all but <see cref="Lbfgs"/>.
/// </summary>
/// <remarks>
/// In the formulas <c>g</c> is the mean gradient of the mini-batch, <c>w</c> a parameter, <c>eta</c> the learning rate and <c>t</c>
/// the number of the step, from 1. The rate comes from a <see cref="Schedule"/>; clipping and penalties change <c>g</c> before the
/// rule sees it.
/// </remarks>
public abstract record MiniBatchOptimizer : Optimizer
{
    private protected MiniBatchOptimizer()
    {
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Without a size that was asked for: a power of two near a hundredth of the rows, from 8 to 64, so that small sets get enough steps and
    /// large ones few.
    /// </remarks>
    internal sealed override int BatchSizeFor(int rows, int? batchSize)
    {
        const int Smallest = 8, Largest = 64, Batches = 100;
        return Math.Min(rows, batchSize ?? Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(rows / Batches)), Smallest, Largest));
    }

    /// <summary>The update rule of one training run, its state zero, for <paramref name="parameterCount"/> parameters.</summary>
    internal abstract IOptimizerRule CreateRule(int parameterCount);
}
