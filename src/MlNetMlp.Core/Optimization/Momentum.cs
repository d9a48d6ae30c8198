using System.Numerics;

namespace MlNetMlp;

/// <summary>
/// Gradient descent with momentum: <c>v = gamma v - eta g; w += v</c>. The velocity <c>v</c> grows where successive gradients agree
/// and cancels where they alternate, which carries it along narrow valleys.
/// </summary>
/// <remarks>
/// The rate is inside the velocity: after the rate falls, steps shrink over the next <c>1 / (1 - gamma)</c> steps.
/// Boris Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
/// </remarks>
public sealed record Momentum : MomentumOptimizer
{
    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, Prepare, ["velocity"], scalarCount: 1);

    // The scalar is the velocity that a gradient of -1 in every step would have.
    private Update Prepare(in StepContext context, Span<float> scalars)
    {
        float coefficient = CoefficientAt(context.Epoch);
        scalars[0] = (coefficient * scalars[0]) + context.Rate;
        return new Update(coefficient, context.Rate, reach: scalars[0]);
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
