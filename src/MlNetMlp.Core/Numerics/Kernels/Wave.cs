using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary><c>cos(2 pi t)</c> with <c>t = frequency x + phase</c>, in whole turns, over vectors of x.</summary>
/// <remarks>
/// Whole turns are taken off exactly, so that the error is some units in the last place of t whatever its size. Every step is one rounded operation per
/// element, so all instruction sets with a fused multiply-add give the same bits.
/// </remarks>
internal readonly struct Wave(float frequency, float phase) : IElementwiseWithSlope
{
    /// <summary><c>cos(2 pi t)</c> and, in <paramref name="slope"/>, its derivative in t, <c>-2 pi sin(2 pi t)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TLanes, TVector>(TVector x, out TVector slope)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector t = TLanes.MultiplyAdd(x, TLanes.Broadcast(frequency), TLanes.Broadcast(phase)), quarter = TLanes.Broadcast(0.25f);
        TVector rest = TLanes.Subtract(t, TLanes.Round(t));

        // The sine of the angle to the nearest half of a turn: sin(2 pi t) = sin(2 pi (1/2 - t)).
        TVector toHalf = TLanes.Subtract(quarter, TLanes.Abs(TLanes.Subtract(TLanes.Abs(rest), quarter)));
        TVector sine = TLanes.CopySign(SineOfQuarter<TLanes, TVector>(toHalf), rest);
        slope = TLanes.Multiply(sine, TLanes.Broadcast(-2 * MathF.PI));
        return Cosine<TLanes, TVector>(rest);
    }

    /// <summary><c>cos(2 pi t)</c> for t in [-1/2, 1/2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Cosine<TLanes, TVector>(TVector t)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        SineOfQuarter<TLanes, TVector>(TLanes.Subtract(TLanes.Broadcast(0.25f), TLanes.Abs(t)));

    /// <summary><c>sin(2 pi t)</c> for t in [-1/4, 1/4] by its power series; the first term left out is below a tenth of a unit in the last place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SineOfQuarter<TLanes, TVector>(TVector t)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector square = TLanes.Multiply(t, t), sum = TLanes.Broadcast(3.81995258f);
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(-15.0946426f));
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(42.0586939f));
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(-76.7058598f));
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(81.6052493f));
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(-41.3417022f));
        sum = TLanes.MultiplyAdd(sum, square, TLanes.Broadcast(6.28318531f));
        return TLanes.Multiply(sum, t);
    }
}
