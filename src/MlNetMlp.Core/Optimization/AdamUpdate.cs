using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlNetMlp;

/// <summary>
/// The step that <see cref="Adam"/> and <see cref="AdamW"/> make:
/// <c>w -= eta (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)</c>.
/// </summary>
internal readonly struct AdamUpdate : IElementUpdate
{
    private readonly Vector<float> _beta1;
    private readonly Vector<float> _beta2;
    private readonly Vector<float> _newShare1;
    private readonly Vector<float> _newShare2;
    private readonly Vector<float> _rate;
    private readonly Vector<float> _size;
    private readonly Vector<float> _correction2;
    private readonly Vector<float> _epsilon;

    public AdamUpdate(AdaptiveMomentOptimizer options, in StepContext context)
    {
        _beta1 = new(options.Beta1);
        _beta2 = new(options.Beta2);
        _newShare1 = new(1 - options.Beta1);
        _newShare2 = new((1 - options.Beta2) * context.SquareShare);

        _rate = new(context.Rate);

        // The powers in double: in single precision 1 - beta2^t would have three good digits in the first step.
        _size = new((float)(context.Rate / (1 - Math.Pow(options.Beta1, context.Step))));
        _correction2 = new((float)(1 / (1 - Math.Pow(options.Beta2, context.Step))));
        _epsilon = new(options.Epsilon);
    }

    public static int StateCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
    {
        state.First = Vector.FusedMultiplyAdd(_beta1, state.First, _newShare1 * gradient);
        state.Second = Vector.FusedMultiplyAdd(_beta2, state.Second, _newShare2 * gradient * gradient);
        return parameter - (_size * state.First / Root(in state));
    }

    public Vector<float> Reach(in ElementState state) => _rate / Root(in state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Root(in ElementState state) => Vector.SquareRoot(_correction2 * state.Second) + _epsilon;
}
