using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A user's step of one parameter at work: weight decay, rate factors and L1 penalties are done here, as <see cref="ElementwiseRule{TUpdate}"/> does.
/// </summary>
/// <param name="optimizer">The function, and how much it remembers of each parameter.</param>
/// <param name="parameterCount">Length of the trainable part of the parameter vector.</param>
internal sealed class CustomRule(CustomOptimizer optimizer, int parameterCount) : IOptimizerRule
{
    private readonly OptimizerState[] _state =
        [.. Enumerable.Range(1, optimizer.StateCount).Select(slot => new OptimizerState($"state{slot}", new AlignedBuffer(parameterCount)))];

    private StepContext _context;

    public IReadOnlyList<OptimizerState> State => _state;

    public void Begin(in StepContext context) => _context = context;

    public void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, ParameterGroup group)
    {
        Throw.IfLengthsDiffer(parameters.Length, gradients.Length, nameof(gradients));
        float keep = group.Decays ? Math.Max(0, 1 - (_context.Decay * group.DecayFactor)) : 1, l1 = _context.L1Of(group);
        Span<float> state = stackalloc float[_state.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            for (int k = 0; k < state.Length; k++)
            {
                state[k] = _state[k].Values.Span[offset + i];
            }

            // How far such a rule goes is not known, so that L1 is a part of the gradient, and a parameter that would cross 0 stops there.
            float before = keep * parameters[i];
            float updated = optimizer.Function(before, WithPenalty(before, gradients[i], l1), state, _context.Rate, _context.Step);
            updated = group.RateFactor == 1 ? updated : MathF.FusedMultiplyAdd(group.RateFactor, updated - before, before);
            parameters[i] = l1 > 0 && before * updated < 0 ? 0 : updated;
            for (int k = 0; k < state.Length; k++)
            {
                // Subnormal numbers, at which averages of no gradients would end, are slow.
                _state[k].Values.Span[offset + i] = Math.Abs(state[k]) < VectorMath.SmallestNormal ? 0 : state[k];
            }
        }
    }

    /// <summary><c>g + l1 sign(w)</c>, and at w = 0 whatever of g is left beyond the kink.</summary>
    private static float WithPenalty(float weight, float gradient, float l1) =>
        weight > 0 ? gradient + l1 : weight < 0 ? gradient - l1 : gradient - Math.Clamp(gradient, -l1, l1);
}
