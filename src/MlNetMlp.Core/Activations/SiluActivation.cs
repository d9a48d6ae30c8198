using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z s</c> with the sigmoid <c>s = 1 / (1 + exp(-z))</c>; <c>f' = s (1 + z (1 - s))</c>.</summary>
internal sealed record SiluActivation : GatedActivation<SiluActivation.Formula>
{
    internal readonly struct Formula : IElementwiseWithSlope
    {
        /// <summary>Farther out than this, function and derivative have their limits.</summary>
        private const float Farthest = 110;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z, out TVector slope)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // With x = |z|, e = exp(-x) and g = e / (1 + e), the gate at -x: f is -x g below 0 and z - x g above; with
            // d = g (1 - x / (1 + e)), f' is d below and 1 - d above.
            TVector zero = TLanes.Broadcast(0), one = TLanes.Broadcast(1);
            TVector x = Exponential.Magnitude<TLanes, TVector>(z, Farthest), negative = TLanes.Subtract(zero, x);
            TVector mantissa = TLanes.Add(one, Exponential.Split<TLanes, TVector>(negative, out TVector power));
            TVector inverse = TLanes.Divide(one, TLanes.Add(one, TLanes.Scale(mantissa, power))), gate = TLanes.Multiply(mantissa, inverse);

            // The power of two comes last, so that subnormal results are rounded once.
            TVector part = TLanes.Scale(TLanes.Multiply(x, gate), power);
            TVector tail = TLanes.Scale(TLanes.Multiply(gate, TLanes.MultiplyAdd(negative, inverse, one)), power);
            slope = TLanes.IfGreater(zero, z, tail, TLanes.Subtract(one, tail));
            return TLanes.IfGreater(zero, z, TLanes.Subtract(zero, part), TLanes.Subtract(z, part));
        }
    }
}
