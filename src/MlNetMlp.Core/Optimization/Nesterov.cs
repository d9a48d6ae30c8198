using System.Numerics;

namespace MlNetMlp;

/// <summary>
/// Nesterov's accelerated gradient: momentum whose gradient is taken where the velocity is about to carry the parameters, at
/// <c>theta + gamma v</c>.
/// </summary>
/// <remarks>
/// <para>
/// The look-ahead form is <c>v = gamma v - eta g(theta + gamma v); theta += v</c>. In the variable <c>w = theta + gamma v</c>, which
/// is what the network holds, the gradient is taken at <c>w</c> itself and the step is
/// <c>v' = gamma v - eta g(w); w += v' + gamma (v' - v)</c>. Both are the same sequence; at the minimum <c>w = theta</c>.
/// </para>
/// <para>
/// While <c>gamma</c> grows, the gradient belongs where the next step's <c>gamma'</c> will look: <c>w' = theta' + gamma' v'</c>. With
/// <c>theta' = theta + v' = w - gamma v + v'</c> the step is <c>w += v' + gamma' v' - gamma v</c>, which is
/// <c>w += v' + gamma (v' - v) + (gamma' - gamma) v'</c>.
/// </para>
/// <para>
/// Yurii Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k^2)", 1983; Ilya Sutskever,
/// James Martens, George Dahl and Geoffrey Hinton, "On the importance of initialization and momentum in deep learning", 2013; the
/// change of variables: Yoshua Bengio, Nicolas Boulanger-Lewandowski and Razvan Pascanu, "Advances in optimizing recurrent networks", 2013.
/// </para>
/// </remarks>
public sealed record Nesterov : MomentumOptimizer
{
    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, Prepare, ["velocity"], scalarCount: 1);

    // The scalar is the velocity that a gradient of -1 in every step would have; the reach is the step that it would make.
    private Update Prepare(in StepContext context, Span<float> scalars)
    {
        float coefficient = CoefficientAt(context.Epoch);
        float growth = CoefficientAt(context.NextEpoch) - coefficient;
        float before = scalars[0];
        scalars[0] = (coefficient * before) + context.Rate;
        float reach = scalars[0] + (coefficient * (scalars[0] - before)) + (growth * scalars[0]);
        return new Update(coefficient, growth, context.Rate, reach);
    }

    private readonly struct Update(float coefficient, float growth, float rate, float reach) : IElementUpdate
    {
        private readonly Vector<float> _coefficient = new(coefficient);
        private readonly Vector<float> _growth = new(growth);
        private readonly Vector<float> _minusRate = new(-rate);
        private readonly Vector<float> _reach = new(reach);

        public static int StateCount => 1;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            Vector<float> before = state.First;
            state.First = Vector.FusedMultiplyAdd(_coefficient, before, _minusRate * gradient);
            Vector<float> step = Vector.FusedMultiplyAdd(_coefficient, state.First - before, state.First);
            return parameter + Vector.FusedMultiplyAdd(_growth, state.First, step);
        }

        public Vector<float> Reach(in ElementState state) => _reach;
    }
}
