using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><see cref="Muon"/> at work: before a step, the gradients of the matrices are replaced by the directions in which they move.</summary>
internal sealed class MuonRule : IOptimizerRule
{
    /// <summary>What makes an orthogonal step as long as one of Adam usually is: the root mean square of its elements is this times the rate.</summary>
    private const float StepLength = 0.2f;

    private readonly IOptimizerRule _others;
    private readonly IOptimizerRule _descent = new Sgd().CreateRule(0);
    private readonly Parameter[] _matrices;
    private readonly ParameterVector _parameters;
    private readonly NewtonSchulz _orthogonal;
    private readonly AlignedBuffer _momentum;
    private readonly float _kept;

    /// <param name="others">What steps all that is not among the matrices.</param>
    /// <param name="kept">mu.</param>
    /// <param name="matrices">What is stepped orthogonally, in the order of the vector.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="team">The threads that share the products; the bits do not depend on their number.</param>
    public MuonRule(IOptimizerRule others, float kept, Parameter[] matrices, ParameterVector parameters, ThreadTeam team)
    {
        (_others, _kept, _matrices, _parameters) = (others, kept, matrices, parameters);
        _orthogonal = new NewtonSchulz(matrices, team);

        // Of the matrices, the other rule's state is free.
        _momentum = others.State[0].Values;
    }

    public IReadOnlyList<OptimizerState> State => _others.State;

    public void Begin(in StepContext context)
    {
        _others.Begin(in context);
        _descent.Begin(in context);
        foreach (Parameter matrix in _matrices)
        {
            Span<float> gradient = _parameters.Gradient(matrix), momentum = _momentum.Span.Slice(matrix.Offset, matrix.Length);
            ElementwiseMath.Apply(new Blend(_kept), momentum, gradient, momentum);
            ElementwiseMath.Apply(new Blend(_kept), momentum, gradient, gradient);
            _orthogonal.Apply(new MatrixSpan(gradient, matrix.Rows, matrix.Columns), StepLength * MathF.Sqrt(Math.Max(matrix.Rows, matrix.Columns)));
        }
    }

    public void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, ParameterGroup group)
    {
        int end = offset + parameters.Length, at = offset;
        foreach (Parameter matrix in _matrices)
        {
            int first = Math.Clamp(matrix.Offset, at, end), last = Math.Clamp(matrix.Offset + matrix.Length, at, end);
            Part(_others, parameters, gradients, at, first);
            Part(_descent, parameters, gradients, first, last);
            at = last;
        }

        Part(_others, parameters, gradients, at, end);

        void Part(IOptimizerRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, int from, int to)
        {
            if (from < to)
            {
                rule.Step(parameters[(from - offset)..(to - offset)], gradients[(from - offset)..(to - offset)], from, group);
            }
        }
    }

    /// <summary><c>kept x + (1 - kept) y</c>.</summary>
    private readonly struct Blend(float kept) : IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector blend = TLanes.MultiplyAdd(TLanes.Broadcast(kept), x, TLanes.Multiply(TLanes.Broadcast(1 - kept), y));

            // The momentum of a unit that has died would end among the subnormal numbers, which are slow. NaN stays.
            return TLanes.IfGreater(TLanes.Broadcast(VectorMath.SmallestNormal), TLanes.Abs(blend), TLanes.Broadcast(0), blend);
        }
    }
}
