using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What the members of the Adam family share: running means of the gradient, <c>m = beta1 m + (1 - beta1) g</c>, and of its square,
/// <c>v = beta2 v + (1 - beta2) g^2</c>, both zero at first.
/// </summary>
public abstract record AdaptiveMomentOptimizer : MiniBatchOptimizer
{
    private protected AdaptiveMomentOptimizer()
    {
    }

    /// <summary><c>beta1</c>, how much of the mean gradient is kept in a step, in [0, 1). Default 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Beta1 { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Beta1)); } = 0.9f;

    /// <summary><c>beta2</c>, how much of the mean squared gradient is kept in a step, in [0, 1). Default 0.999.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Beta2 { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Beta2)); } = 0.999f;

    /// <summary><c>epsilon</c>, added to the root so that small gradients do not make large steps; greater than 0. Default 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float Epsilon { get; init => field = Require.Positive(value, nameof(Epsilon)); } = 1e-8f;

    internal sealed override float Merge(in LocalSteps steps, int length, ReadOnlySpan<float> before, Span<float> after) =>
        steps.CorrectSquares(Beta1, Beta2, before[..length], before[length..(2 * length)], after[..length], after[length..(2 * length)]);
}
