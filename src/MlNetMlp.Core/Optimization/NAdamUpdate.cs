using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlNetMlp;

/// <summary>The step that <see cref="NAdam"/> makes.</summary>
internal readonly struct NAdamUpdate : IElementUpdate
{
    private readonly Vector<float> _beta1;
    private readonly Vector<float> _beta2;
    private readonly Vector<float> _newShare1;
    private readonly Vector<float> _newShare2;
    private readonly Vector<float> _gradientSize;
    private readonly Vector<float> _meanSize;
    private readonly Vector<float> _reach;
    private readonly Vector<float> _correction2;
    private readonly Vector<float> _epsilon;

    /// <param name="options">The settings.</param>
    /// <param name="context">The step.</param>
    /// <param name="momentum">The momentum of this step, <c>mu</c>.</param>
    /// <param name="nextMomentum">The momentum of the next step.</param>
    /// <param name="product">The product of the momenta of all steps, with this one, but not the next.</param>
    public NAdamUpdate(NAdam options, in StepContext context, double momentum, double nextMomentum, double product)
    {
        _beta1 = new(options.Beta1);
        _beta2 = new(options.Beta2);
        _newShare1 = new(1 - options.Beta1);
        _newShare2 = new((1 - options.Beta2) * context.SquareShare);
        double gradientSize = context.Rate * (1 - momentum) / (1 - product);
        double meanSize = context.Rate * nextMomentum / (1 - (product * nextMomentum));
        _gradientSize = new((float)gradientSize);
        _meanSize = new((float)meanSize);

        // The mean of gradients of 1 is 1 - beta1^t.
        _reach = new((float)(gradientSize + (meanSize * (1 - Math.Pow(options.Beta1, context.Step)))));
        _correction2 = new((float)(1 / (1 - Math.Pow(options.Beta2, context.Step))));
        _epsilon = new(options.Epsilon);
    }

    public static int StateCount => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref ElementState state)
    {
        state.First = Vector.FusedMultiplyAdd(_beta1, state.First, _newShare1 * gradient);
        state.Second = Vector.FusedMultiplyAdd(_beta2, state.Second, _newShare2 * gradient * gradient);
        return parameter - (Vector.FusedMultiplyAdd(_meanSize, state.First, _gradientSize * gradient) / Root(in state));
    }

    public Vector<float> Reach(in ElementState state) => _reach / Root(in state);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Root(in ElementState state) => Vector.SquareRoot(_correction2 * state.Second) + _epsilon;
}
