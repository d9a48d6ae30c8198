using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = tanh(z)</c>; <c>f' = 1 - a^2</c>.</summary>
internal sealed record TanhActivation : FormulaActivation<TanhActivation.TanhFormula>
{
    internal override float? SteepestSlope => 1;

    internal readonly struct TanhFormula : IElementwise, IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Exponential.Tanh<TLanes, TVector>(z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.Multiply(gradient, TLanes.Subtract(TLanes.Broadcast(1), TLanes.Multiply(a, a)));
    }
}
