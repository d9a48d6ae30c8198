using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// RMSProp: each parameter's step is divided by the root of the running mean of its squared gradients.
/// <c>G = gamma G + (1 - gamma) g^2; w -= eta g / sqrt(G + epsilon)</c>, with <c>G</c> zero at first.
/// </summary>
/// <remarks>
/// <para>
/// The mean is not corrected for its start at zero, so the first step is <c>1 / sqrt(1 - gamma)</c> times the rate: 3.2 times with the
/// default. <see cref="Adam"/> corrects it, and adds a mean of the gradient itself.
/// </para>
/// <para>
/// Tijmen Tieleman and Geoffrey Hinton, "Lecture 6.5: rmsprop, divide the gradient by a running average of its recent magnitude", 2012.
/// Epsilon is inside the root; PyTorch and Keras add theirs to the root, and PyTorch's gamma (<c>alpha</c>) is 0.99.
/// </para>
/// </remarks>
public sealed record RmsProp : MiniBatchOptimizer
{
    /// <summary><c>gamma</c>, how much of the mean squared gradient is kept in a step, in [0, 1). Default 0.9.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Decay { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Decay)); } = 0.9f;

    /// <summary><c>epsilon</c>, added to <c>G</c> under the root so that small gradients do not make large steps; greater than 0. Default 1e-8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float Epsilon { get; init => field = Require.Positive(value, nameof(Epsilon)); } = 1e-8f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new ElementwiseRule<Update>(parameterCount, (in context, scalars) => new Update(context.Rate, Decay, Epsilon), ["meanSquare"]);

    private readonly struct Update(float rate, float decay, float epsilon) : IElementUpdate
    {
        private readonly Vector<float> _rate = new(rate);
        private readonly Vector<float> _decay = new(decay);
        private readonly Vector<float> _newShare = new(1 - decay);
        private readonly Vector<float> _epsilon = new(epsilon);

        public static int StateCount => 1;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            state.First = Vector.FusedMultiplyAdd(_decay, state.First, _newShare * gradient * gradient);
            return parameter - (Reach(in state) * gradient);
        }

        public Vector<float> Reach(in ElementState state) => _rate / Vector.SquareRoot(state.First + _epsilon);
    }
}
