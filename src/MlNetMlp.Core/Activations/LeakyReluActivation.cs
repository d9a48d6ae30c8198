using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z</c> for positive z, else <c>slope z</c> with a slope of at most 1; <c>f' = 1</c> where a is positive, else the slope.</summary>
internal sealed record LeakyReluActivation : FormulaActivation<LeakyReluActivation.TwoSlopes>
{
    public LeakyReluActivation(float slope) => NegativeSlope = Require.InRangeAbove(slope, 0f, 1f, nameof(slope));

    public float NegativeSlope { get; }

    internal override Initializer DefaultInitializer => Initializer.He;

    private protected override TwoSlopes Formula => new(NegativeSlope);

    internal readonly struct TwoSlopes(float negativeSlope) : IElementwise, IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.IfGreater(z, TLanes.Broadcast(0), z, TLanes.Multiply(z, TLanes.Broadcast(negativeSlope)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.Multiply(gradient, TLanes.IfGreater(a, TLanes.Broadcast(0), TLanes.Broadcast(1), TLanes.Broadcast(negativeSlope)));
    }
}
