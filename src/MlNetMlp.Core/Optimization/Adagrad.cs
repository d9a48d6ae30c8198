using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Adagrad: each parameter's step is divided by the size of all its gradients so far, so that parameters that rarely receive a gradient
/// learn fast when they do. <c>G = G + g^2; w -= eta g / sqrt(G + epsilon)</c>, with <c>G</c> zero at first.
/// </summary>
/// <remarks>
/// <para>
/// The sum only grows, so steps shrink as <c>1 / sqrt(t)</c> by themselves; long training runs come to a stop, which
/// <see cref="RmsProp"/> and <see cref="Adadelta"/> avoid. Rates are larger than with other rules: 0.01 to 1.
/// </para>
/// <para>
/// John Duchi, Elad Hazan and Yoram Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011;
/// the form with a diagonal. Epsilon is inside the root; PyTorch and Keras add theirs to the root.
/// </para>
/// </remarks>
public sealed record Adagrad : MiniBatchOptimizer
{
    /// <summary><c>epsilon</c>, added to <c>G</c> under the root so that small gradients do not make large steps; greater than 0. Default 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float Epsilon { get; init => field = Require.Positive(value, nameof(Epsilon)); } = 1e-8f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, (in context, scalars) => new Update(context.Rate, Epsilon), ["squareSum"]);

    private readonly struct Update(float rate, float epsilon) : IElementUpdate
    {
        private readonly Vector<float> _rate = new(rate);
        private readonly Vector<float> _epsilon = new(epsilon);

        public static int StateCount => 1;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            state.First = Vector.FusedMultiplyAdd(gradient, gradient, state.First);
            return parameter - (Reach(in state) * gradient);
        }

        public Vector<float> Reach(in ElementState state) => _rate / Vector.SquareRoot(state.First + _epsilon);
    }
}
