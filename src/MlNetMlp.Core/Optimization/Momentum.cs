using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Gradient descent with momentum: <c>v = gamma v - eta g; w += v</c>. The velocity <c>v</c> grows where successive gradients agree
/// and cancels where they alternate, which carries it along a narrow valley.
/// </summary>
/// <remarks>
/// The rate is inside the velocity: after the rate falls, steps shrink over the next <c>1 / (1 - gamma)</c> steps.
/// Boris Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
/// </remarks>
public sealed record Momentum : Optimizer
{
    /// <summary><c>gamma</c>, the share of the velocity that is kept, in [0, 1). Default 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Coefficient { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Coefficient)); } = 0.9f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, Prepare, ["velocity"], scalarCount: 1);

    // The scalar is the velocity that a gradient of -1 in every step would have.
    private Update Prepare(in StepContext context, Span<float> scalars)
    {
        scalars[0] = (Coefficient * scalars[0]) + context.Rate;
        return new Update(Coefficient, context.Rate, reach: scalars[0]);
    }

    private readonly struct Update(float coefficient, float rate, float reach) : IElementUpdate
    {
        private readonly Vector<float> _coefficient = new(coefficient);
        private readonly Vector<float> _minusRate = new(-rate);
        private readonly Vector<float> _reach = new(reach);

        public static int StateCount => 1;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            state.First = Vector.FusedMultiplyAdd(_coefficient, state.First, _minusRate * gradient);
            return parameter + state.First;
        }

        public Vector<float> Reach(in ElementState state) => _reach;
    }
}
