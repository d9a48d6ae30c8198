using System.Numerics;

namespace MlNetMlp;

/// <summary>Stochastic gradient descent: <c>w -= eta g</c>.</summary>
/// <remarks>Herbert Robbins and Sutton Monro, "A Stochastic Approximation Method", 1951.</remarks>
public sealed record Sgd : MiniBatchOptimizer
{
    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, (in context, scalars) => new Update(context.Rate), []);

    private readonly struct Update(float rate) : IElementUpdate
    {
        private readonly Vector<float> _minusRate = new(-rate);

        public static int StateCount => 0;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state) =>
            Vector.FusedMultiplyAdd(_minusRate, gradient, parameter);

        public Vector<float> Reach(in ElementState state) => -_minusRate;
    }
}
