using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Quickprop: each parameter fits a parabola to its loss through its last two slopes and jumps to its minimum:
/// <c>d = S / (S' - S) d'</c>, where <c>S</c> is the gradient, and <c>S'</c> and <c>d'</c> are the previous gradient and step. For full batches: set
/// <c>BatchSize</c> to the number of rows, because the difference of the gradients of two small batches is mostly noise.
/// </summary>
/// <remarks>
/// <para>
/// Where the slope has kept its sign, <c>-eta S</c> is added, and the jump is at most <c>mu d'</c>, which also stands in where the parabola
/// opens downwards. Where the sign has changed, the bottom lies between the last two places and is taken as it is. Where there was no step
/// before, <c>d = -eta S</c>. So the rate and its schedule control the descent, but not the jumps.
/// </para>
/// <para>
/// L1 is part of the slope here, and a weight that would cross zero stops there, as with <see cref="Rprop"/>. Scott Fahlman, "An Empirical Study
/// of Learning Speed in Back-Propagation Networks", 1988. Its weight decay of 1e-4 is <c>L2Regularization</c>; its offset of the sigmoid's
/// derivative belongs to the activation and is left out.
/// </para>
/// </remarks>
public sealed record Quickprop : MiniBatchOptimizer
{
    /// <summary><c>mu</c>, the longest jump, in multiples of the previous step; greater than 0. Default 1.75, the paper's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float MaximumGrowth { get; init => field = Require.Positive(value, nameof(MaximumGrowth)); } = 1.75f;

    internal override IOptimizerRule CreateRule(int parameterCount) => new ElementwiseRule<Update>(
        parameterCount, (in context, scalars) => new Update(context.Rate, MaximumGrowth), ["slope", "step"]);

    private readonly struct Update(float rate, float growth) : IElementUpdate
    {
        private readonly Vector<float> _minusRate = new(-rate);
        private readonly Vector<float> _growth = new(growth);

        public static int StateCount => 2;

        public static bool PenaltyIsGradient => true;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            // A step goes against its slope. So the slope has kept its sign where it still points against the last step.
            Vector<float> zero = Vector<float>.Zero;
            Vector<int> downhill = Opposite(gradient, state.Second);
            Vector<int> turned = Opposite(-gradient, state.Second);
            Vector<float> descent = _minusRate * gradient;

            // S / (S' - S) is at most mu where S is at most mu (S' - S), both in the direction of S; so nothing is divided by zero that counts.
            Vector<float> fall = state.First - gradient;
            Vector<float> jump = gradient / fall * state.Second;
            Vector<float> size = Vector.Abs(gradient);
            Vector<float> fallTowards = Vector.ConditionalSelect(Vector.LessThan(gradient, zero), -fall, fall);
            Vector<int> isShort = Vector.LessThan(size, _growth * fallTowards);
            Vector<float> forward = Vector.ConditionalSelect(isShort, jump, _growth * state.Second) + descent;

            // After a turn the slopes differ in sign, unless a weight was stopped at zero on the way.
            Vector<float> back = Vector.ConditionalSelect(Opposite(gradient, state.First), jump, descent);
            state.First = gradient;
            state.Second = Vector.ConditionalSelect(downhill, forward, Vector.ConditionalSelect(turned, back, descent));
            return parameter + state.Second;
        }

        public Vector<float> Reach(in ElementState state) => Vector<float>.Zero;

        // Not by the sign of a product, which may underflow to zero.
        private static Vector<int> Opposite(Vector<float> first, Vector<float> second)
        {
            Vector<float> zero = Vector<float>.Zero;
            return (Vector.LessThan(first, zero) & Vector.GreaterThan(second, zero)) | (Vector.GreaterThan(first, zero) & Vector.LessThan(second, zero));
        }
    }
}
