using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Resilient propagation: only the sign of a gradient counts. Each parameter has its own step <c>d</c>, which grows while the sign stays and
/// shrinks when it changes: <c>w -= sign(g) d</c>. For full batches: set <c>BatchSize</c> to the number of rows, because the sign of a small
/// batch's gradient is mostly noise.
/// </summary>
/// <remarks>
/// <para>
/// The first step of every parameter is the rate. Then, while <c>g</c> has the sign of the previous gradient, <c>d = min(1.2 d, MaximumStep)</c>;
/// where the signs differ, <c>d = max(0.5 d, MinimumStep)</c>, the last step is taken back, and the next step neither grows nor shrinks;
/// where one of them is zero, <c>d</c> stays. A schedule multiplies all steps by its shape, the rate divided by the base rate.
/// </para>
/// <para>
/// L1 is part of the gradient here, and a weight that would cross zero stops there, as in Galen Andrew and Jianfeng Gao, "Scalable Training of
/// L1-Regularized Log-Linear Models", 2007. Martin Riedmiller and Heinrich Braun, "A Direct Adaptive Method for Faster Backpropagation Learning: The
/// RPROP Algorithm", 1993; without back-tracking: Christian Igel and Michael Huesken, "Empirical Evaluation of the Improved Rprop
/// Learning Algorithms", 2003, iRprop-.
/// </para>
/// </remarks>
public sealed record Rprop : MiniBatchOptimizer
{
    private const float Growth = 1.2f;
    private const float Shrinkage = 0.5f;

    /// <summary>
    /// Whether a change of sign takes the last step back, as in the paper of 1993; else the parameter stays where it is, as in iRprop- and in
    /// PyTorch. Default true.
    /// </summary>
    public bool Backtracks { get; init; } = true;

    /// <summary>The smallest that <c>d</c> shrinks to, greater than 0. Default 1e-6.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float MinimumStep { get; init => field = Require.Positive(value, nameof(MinimumStep)); } = 1e-6f;

    /// <summary>The largest that <c>d</c> grows to, greater than 0; the first step is not limited. Default 50. It wins over a larger minimum.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float MaximumStep { get; init => field = Require.Positive(value, nameof(MaximumStep)); } = 50;

    internal override IOptimizerRule CreateRule(int parameterCount) => new ElementwiseRule<Update>(
        parameterCount, (in context, scalars) => new Update(this, in context), ["size", "sign", "step"]);

    private readonly struct Update : IElementUpdate
    {
        private readonly Vector<float> _firstSize;
        private readonly Vector<float> _scale;
        private readonly Vector<float> _minimum;
        private readonly Vector<float> _maximum;
        private readonly bool _backtracks;

        public Update(Rprop options, in StepContext context)
        {
            _firstSize = new(context.RateMultiplier > 0 ? context.Rate / context.RateMultiplier : context.Rate);
            _scale = new(context.RateMultiplier);
            _minimum = new(options.MinimumStep);
            _maximum = new(options.MaximumStep);
            _backtracks = options.Backtracks;
        }

        public static int StateCount => 3;

        public static bool PenaltyIsGradient => true;

        Vector<float> IElementUpdate.Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
        {
            // A size of zero says that no gradient has been seen; it stays so until one is.
            Vector<float> zero = Vector<float>.Zero;
            Vector<float> sign = Sign(gradient);
            Vector<float> started = Vector.ConditionalSelect(Vector.Equals(sign, zero), state.First, _firstSize);
            Vector<float> size = Vector.ConditionalSelect(Vector.Equals(state.First, zero), started, state.First);

            Vector<float> agreement = sign * state.Second;
            Vector<int> turned = Vector.LessThan(agreement, zero);
            Vector<float> grown = Vector.Min(Growth * size, _maximum);
            Vector<float> shrunk = Vector.Min(Vector.Max(Shrinkage * size, _minimum), _maximum);
            state.First = Vector.ConditionalSelect(Vector.GreaterThan(agreement, zero), grown, Vector.ConditionalSelect(turned, shrunk, size));

            // After a turn the sign counts as unknown, so that the way back is not taken for another turn.
            state.Second = Vector.ConditionalSelect(turned, zero, sign);
            Vector<float> turn = _backtracks ? -state.Third : zero;
            state.Third = Vector.ConditionalSelect(turned, turn, -sign * state.First * _scale);
            return parameter + state.Third;
        }

        public Vector<float> Reach(in ElementState state) => Vector<float>.Zero;

        private static Vector<float> Sign(Vector<float> value) => Vector.ConditionalSelect(
            Vector.GreaterThan(value, Vector<float>.Zero),
            Vector<float>.One,
            Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), -Vector<float>.One, Vector<float>.Zero));
    }
}
