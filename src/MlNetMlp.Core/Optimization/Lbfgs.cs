using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// L-BFGS: Newton's step with an estimate of the curvature from the last few steps, and a line search for the step length. It uses all training
/// rows at once; an epoch is one iteration. For few rows, small networks and convex problems such as logistic regression.
/// </summary>
/// <remarks>
/// <para>
/// It minimises the mean loss over all rows with L1 and L2. The line search asks for loss and gradient as often as it needs, mostly once an iteration,
/// and finds the step by itself: <c>LearningRate</c> has no effect, and <see cref="EpochReport.LearningRate"/> is the step that was taken, in
/// lengths of the quasi-Newton step. <see cref="EpochReport.TrainingLoss"/> and <see cref="EpochReport.GradientNorm"/> are those after the
/// iteration. Rows are read in their order, some hundreds at a time, so memory does not grow with them.
/// </para>
/// <para>
/// Dropout and noise draw once for each iteration, so that the line search sees one function; batch normalization takes every block of rows that
/// is read at a time for a mini-batch. Gradient clipping, constraints on weights, mini-batches, penalties with kinks other than L1, and batch
/// renormalization cannot be combined with it and are refused.
/// </para>
/// <para>
/// With L1 it is OWL-QN: an iteration stays where no weight changes its sign, those that would stop at exactly zero, and the line search only
/// makes steps shorter. The gradient is then the pseudo-gradient, that of the steepest descent.
/// </para>
/// <para>
/// The training ends as <see cref="TrainingEnd.Converged"/> when no element of the gradient is larger than <see cref="GradientTolerance"/>, or when
/// no step makes the loss or, where rounding hides that, the gradient smaller; with dropout or noise it never does.
/// </para>
/// <para>
/// Dong Liu and Jorge Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Jorge Nocedal and Stephen Wright, "Numerical
/// Optimization", second edition, 2006, algorithms 3.5, 3.6, 7.4 and 7.5; Galen Andrew and Jianfeng Gao, "Scalable Training of L1-Regularized
/// Log-Linear Models", 2007.
/// </para>
/// </remarks>
public sealed record Lbfgs : Optimizer
{
    private const int MostMemory = 1000;

    /// <summary>The most rows of a block: enough to keep the products busy.</summary>
    private const int RowsAtOnce = 256;

    /// <summary>How many steps the estimate of the curvature goes back, from 1 to 1000; each costs two copies of the parameters. Default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or greater than 1000.</exception>
    public int Memory { get; init => field = Require.InRange(value, 1, MostMemory, nameof(Memory)); } = 10;

    /// <summary>The training has converged when no element of the gradient is larger, at least 0. Default 1e-5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public float GradientTolerance { get; init => field = Require.NonNegative(value, nameof(GradientTolerance)); } = 1e-5f;

    /// <summary>How many steps a line search may try, at least 1. Default 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaximumEvaluations { get; init => field = Require.AtLeast(value, 1, nameof(MaximumEvaluations)); } = 20;

    /// <inheritdoc/>
    internal override bool NeedsAllRows => true;

    /// <inheritdoc/>
    /// <remarks>Blocks of rows whose gradients are added up: as few as may be, all of about the same size, so that none is a lonely row.</remarks>
    internal override int BatchSizeFor(int rows, int? batchSize)
    {
        int blocks = (rows + RowsAtOnce - 1) / RowsAtOnce;
        return (rows + blocks - 1) / blocks;
    }

    /// <summary>The work of one training run, its state empty, for <paramref name="parameterCount"/> parameters.</summary>
    internal LbfgsMinimizer CreateMinimizer(int parameterCount, OrthantPenalty? penalty = null) => new(this, parameterCount, penalty);
}
