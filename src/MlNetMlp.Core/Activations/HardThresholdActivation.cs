using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = 1</c> for positive z, else 0; <c>f' = 0</c>. NaN stays NaN.</summary>
internal sealed record HardThresholdActivation : FormulaActivation<HardThresholdActivation.Step>
{
    internal override bool HasSlope => false;

    internal readonly struct Step : IElementwise, IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.IfGreater(z, TLanes.Broadcast(0), TLanes.Broadcast(1), TLanes.Max(z, TLanes.Broadcast(0)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Broadcast(0);
    }
}
