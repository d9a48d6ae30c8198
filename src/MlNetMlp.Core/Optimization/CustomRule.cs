using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A user's step of one parameter at work: weight decay, rate factors and L1 penalties are done here, as <see cref="ElementwiseRule{TUpdate}"/> does.
/// </summary>
/// <param name="optimizer">The function, and how much it remembers of each parameter.</param>
/// <param name="parameterCount">Length of the trainable part of the parameter vector.</param>
internal sealed class CustomRule(CustomOptimizer optimizer, int parameterCount) : IOptimizerRule
{
    private const int ParametersAtOnce = 64;

    private readonly OptimizerState[] _state =
        [.. Enumerable.Range(1, optimizer.StateCount).Select(slot => new OptimizerState($"state{slot}", new AlignedBuffer(parameterCount)))];

    private StepContext _context;

    public IReadOnlyList<OptimizerState> State => _state;

    public void Begin(in StepContext context) => _context = context;

    public void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, ParameterGroup group)
    {
        Throw.IfLengthsDiffer(parameters.Length, gradients.Length, nameof(gradients));
        int count = _state.Length;
        Span<float> states = stackalloc float[ParametersAtOnce * count];
        for (int first = 0; first < parameters.Length; first += ParametersAtOnce)
        {
            int length = Math.Min(ParametersAtOnce, parameters.Length - first);
            for (int k = 0; k < count; k++)
            {
                ReadOnlySpan<float> slot = _state[k].Values.Span.Slice(offset + first, length);
                for (int i = 0; i < length; i++)
                {
                    states[i * count + k] = slot[i];
                }
            }

            Step(parameters.Slice(first, length), gradients.Slice(first, length), states, group);
            for (int k = 0; k < count; k++)
            {
                // Subnormal numbers, at which averages of no gradients would end, are slow.
                Span<float> slot = _state[k].Values.Span.Slice(offset + first, length);
                for (int i = 0; i < length; i++)
                {
                    float state = states[i * count + k];
                    slot[i] = Math.Abs(state) < VectorMath.SmallestNormal ? 0 : state;
                }
            }
        }
    }

    /// <param name="parameters">Some parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="states">What is remembered of them, one after the other.</param>
    /// <param name="group">What is special about them.</param>
    private void Step(Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> states, ParameterGroup group)
    {
        OptimizerFunction function = optimizer.Function;
        float keep = group.Decays ? Math.Max(0, 1 - (_context.Decay * group.DecayFactor)) : 1, l1 = _context.L1Of(group);
        for (int i = 0; i < parameters.Length; i++)
        {
            // How far such a rule goes is not known, so that L1 is a part of the gradient, and a parameter that would cross 0 stops there.
            float before = keep * parameters[i], gradient = l1 > 0 ? WithPenalty(before, gradients[i], l1) : gradients[i];
            float updated = function(before, gradient, states.Slice(i * _state.Length, _state.Length), _context.Rate, _context.Step);
            updated = group.RateFactor == 1 ? updated : MathF.FusedMultiplyAdd(group.RateFactor, updated - before, before);
            parameters[i] = l1 > 0 && before * updated < 0 ? 0 : updated;
        }
    }

    /// <summary><c>g + l1 sign(w)</c>, and at w = 0 whatever of g is left beyond the kink.</summary>
    private static float WithPenalty(float weight, float gradient, float l1) =>
        weight > 0 ? gradient + l1 : weight < 0 ? gradient - l1 : gradient - Math.Clamp(gradient, -l1, l1);
}
