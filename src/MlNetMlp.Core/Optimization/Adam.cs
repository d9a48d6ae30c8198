namespace MlNetMlp;

/// <summary>
/// Adam: each parameter has its own step size, from running means of its gradient and of its square, corrected for their start at zero.
/// <c>m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
/// w -= eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)</c>.
/// </summary>
/// <remarks>
/// The first step is <c>eta</c> for every parameter whose gradient is well above epsilon. Diederik Kingma and Jimmy Ba, "Adam: A
/// Method for Stochastic Optimization", 2015, algorithm 1.
/// </remarks>
public sealed record Adam : AdaptiveMomentOptimizer
{
    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<AdamUpdate>(parameterCount, (in context, scalars) => new AdamUpdate(this, in context), ["mean", "meanSquare"]);
}
