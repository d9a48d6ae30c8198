using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// <c>f(z) = scale z</c> for positive z, else <c>negativeScale (exp(z) - 1)</c>; <c>f' = scale</c> where a is positive, else <c>a + negativeScale</c>.
/// </summary>
internal readonly struct EluFormula(float scale, float negativeScale) : IElementwise, IElementwiseOfTwo
{
    /// <summary>Below, exp(z) rounds to 0.</summary>
    private const float Lowest = -104;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TLanes, TVector>(TVector z)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector lowest = TLanes.Broadcast(Lowest);
        TVector tail = Exponential.Expm1InRange<TLanes, TVector>(TLanes.IfGreater(lowest, z, lowest, z));
        TVector negative = TLanes.Multiply(tail, TLanes.Broadcast(negativeScale));
        return TLanes.IfGreater(TLanes.Broadcast(0), z, negative, TLanes.Multiply(z, TLanes.Broadcast(scale)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector negative = TLanes.Add(a, TLanes.Broadcast(negativeScale));
        return TLanes.Multiply(gradient, TLanes.IfGreater(a, TLanes.Broadcast(0), TLanes.Broadcast(scale), negative));
    }
}
