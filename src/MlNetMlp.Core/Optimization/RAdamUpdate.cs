using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlNetMlp;

/// <summary>The step that <see cref="RAdam"/> makes.</summary>
internal readonly struct RAdamUpdate : IElementUpdate
{
    private const double SmallestLength = 5;

    private readonly Vector<float> _beta1;
    private readonly Vector<float> _beta2;
    private readonly Vector<float> _newShare1;
    private readonly Vector<float> _newShare2;
    private readonly Vector<float> _reach;
    private readonly Vector<float> _correction1;
    private readonly Vector<float> _correction2;
    private readonly Vector<float> _epsilon;
    private readonly bool _adapts;

    public RAdamUpdate(RAdam options, in StepContext context)
    {
        _beta1 = new(options.Beta1);
        _beta2 = new(options.Beta2);
        _newShare1 = new(1 - options.Beta1);
        _newShare2 = new((1 - options.Beta2) * context.SquareShare);
        double power2 = Math.Pow(options.Beta2, context.Step);
        double longest = (2 / (1 - (double)options.Beta2)) - 1;
        double length = longest - (2 * context.Step * power2 / (1 - power2));
        _adapts = length > SmallestLength;
        double certainty = _adapts ? Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)) : 1;
        _reach = new((float)(context.Rate * certainty));
        _correction1 = new((float)(1 / (1 - Math.Pow(options.Beta1, context.Step))));
        _correction2 = new((float)(1 / (1 - power2)));
        _epsilon = new(options.Epsilon);
    }

    public static int StateCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
    {
        state.First = Vector.FusedMultiplyAdd(_beta1, state.First, _newShare1 * gradient);
        state.Second = Vector.FusedMultiplyAdd(_beta2, state.Second, _newShare2 * gradient * gradient);
        return parameter - (Reach(in state) * (_correction1 * state.First));
    }

    public Vector<float> Reach(in ElementState state) =>
        _adapts ? _reach / (Vector.SquareRoot(_correction2 * state.Second) + _epsilon) : _reach;
}
