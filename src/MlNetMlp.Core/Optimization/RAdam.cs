namespace MlNetMlp;

/// <summary>
/// Rectified Adam: while too few gradients have been seen to trust their mean square, the step is plain momentum; after that it is Adam's,
/// scaled by how certain the mean square is. This takes the place of a warm-up.
/// </summary>
/// <remarks>
/// <para>
/// With <c>r0 = 2 / (1 - beta2) - 1</c> and <c>r = r0 - 2 t beta2^t / (1 - beta2^t)</c>: where <c>r &gt; 5</c>,
/// <c>w -= eta R (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)</c> with
/// <c>R = sqrt((r - 4) (r - 2) r0 / ((r0 - 4) (r0 - 2) r))</c>; else <c>w -= eta m / (1 - beta1^t)</c>. With the default that is steps
/// 1 to 5; with <c>beta2</c> of at most 2/3 it is every step.
/// </para>
/// <para>
/// Liyuan Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020, algorithm 2. The paper's limit is
/// <c>r &gt; 4</c>; 5 is that of its authors' program and of PyTorch.
/// </para>
/// </remarks>
public sealed record RAdam : AdaptiveMomentOptimizer
{
    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<RAdamUpdate>(parameterCount, (in context, scalars) => new RAdamUpdate(this, in context), ["mean", "meanSquare"]);
}
