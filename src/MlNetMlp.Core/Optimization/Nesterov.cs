using System.Numerics;
using MlNetMlp.Numerics;

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
/// Yurii Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k^2)", 1983; Ilya Sutskever,
/// James Martens, George Dahl and Geoffrey Hinton, "On the importance of initialization and momentum in deep learning", 2013; the
/// change of variables: Yoshua Bengio, Nicolas Boulanger-Lewandowski and Razvan Pascanu, "Advances in optimizing recurrent networks", 2013.
/// </para>
/// </remarks>
public sealed record Nesterov : Optimizer
{
    /// <summary><c>gamma</c>, the share of the velocity that is kept, in [0, 1). Default 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Coefficient { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Coefficient)); } = 0.9f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, Prepare, ["velocity"], scalarCount: 1);

    // The scalar is the velocity that a gradient of -1 in every step would have; the reach is the step that it would make.
    private Update Prepare(in StepContext context, Span<float> scalars)
    {
        float before = scalars[0];
        scalars[0] = (Coefficient * before) + context.Rate;
        return new Update(Coefficient, context.Rate, reach: scalars[0] + (Coefficient * (scalars[0] - before)));
    }

    private readonly struct Update(float coefficient, float rate, float reach) : IElementUpdate
    {
        private readonly Vector<float> _coefficient = new(coefficient);
        private readonly Vector<float> _minusRate = new(-rate);
        private readonly Vector<float> _reach = new(reach);

        public static int StateCount => 1;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            Vector<float> before = state.First;
            state.First = Vector.FusedMultiplyAdd(_coefficient, before, _minusRate * gradient);
            return parameter + Vector.FusedMultiplyAdd(_coefficient, state.First - before, state.First);
        }

        public Vector<float> Reach(in ElementState state) => _reach;
    }
}
