using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = 1 / (1 + exp(-z))</c>; <c>f' = a (1 - a)</c>.</summary>
internal sealed record SigmoidActivation : FormulaActivation<SigmoidActivation.SigmoidFormula>
{
    internal override float? SteepestSlope => 0.25f;

    internal readonly struct SigmoidFormula : IElementwise, IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Sigmoid<TLanes, TVector>(z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.Multiply(gradient, TLanes.Multiply(a, TLanes.Subtract(TLanes.Broadcast(1), a)));
    }
}
