using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Adam with Nesterov's momentum: the step looks ahead to the mean that the next step will have.
/// <c>m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= eta ((1 - mu) g / (1 - P) + mu' m / (1 - P mu')) / (sqrt(v / (1 - beta2^t)) + epsilon)</c>, where
/// <c>mu = beta1 (1 - 0.96^(t psi) / 2)</c>, <c>mu'</c> is the same for <c>t + 1</c>, and <c>P</c> is the product of all <c>mu</c> so far.
/// </summary>
/// <remarks>
/// Timothy Dozat, "Incorporating Nesterov Momentum into Adam", 2016, with its warming momentum schedule. As in PyTorch and Keras, the mean
/// itself is kept with the constant <c>beta1</c>.
/// </remarks>
public sealed record NAdam : AdaptiveMomentOptimizer
{
    /// <summary>
    /// <c>psi</c>, how fast the momentum grows from about <c>beta1 / 2</c> to <c>beta1</c>; at least 0. Default 0.004: three quarters of
    /// <c>beta1</c> after 4,200 steps. With 0 it stays at half.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number of at least 0.</exception>
    public float MomentumDecay { get; init => field = Require.NonNegative(value, nameof(MomentumDecay)); } = 0.004f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<NAdamUpdate>(parameterCount, Prepare, ["mean", "meanSquare"], scalarCount: 1);

    // The scalar is 1 - P: it is zero at first, and unlike P it does not end among the subnormal numbers.
    private NAdamUpdate Prepare(in StepContext context, Span<float> scalars)
    {
        double mu = MomentumAt(context.Step);
        scalars[0] = (float)(1 - ((1 - (double)scalars[0]) * mu));
        return new NAdamUpdate(this, in context, mu, MomentumAt(context.Step + 1), product: 1 - (double)scalars[0]);
    }

    private double MomentumAt(long step) => Beta1 * (1 - (0.5 * Math.Pow(0.96, step * (double)MomentumDecay)));
}
