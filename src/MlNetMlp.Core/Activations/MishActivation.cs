using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z t</c> with <c>t = tanh(ln(1 + exp(z)))</c>; <c>f' = t + z (1 - t^2) / (1 + exp(-z))</c>.</summary>
internal sealed record MishActivation : GatedActivation<MishActivation.Formula>
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
            // Neither tanh nor a logarithm is needed. With e = exp(-|z|):
            //     t = e (e + 2) / (e (e + 2) + 2) and t' = 4 e (1 + e) / (e (e + 2) + 2)^2 below 0,
            //     t = (1 + 2e) / (1 + 2e + 2e^2) and t' = 4 e^2 (1 + e) / (1 + 2e + 2e^2)^2 above.
            TVector zero = TLanes.Broadcast(0), one = TLanes.Broadcast(1), two = TLanes.Broadcast(2);
            TVector x = Exponential.Magnitude<TLanes, TVector>(z, Farthest), negative = TLanes.Subtract(zero, x);
            TVector mantissa = TLanes.Add(one, Exponential.Split<TLanes, TVector>(negative, out TVector power));
            TVector e = TLanes.Scale(mantissa, power), twice = TLanes.Add(e, e);
            TVector above = TLanes.IfGreater(zero, z, TLanes.Add(e, two), TLanes.Add(twice, one));
            TVector below = TLanes.IfGreater(zero, z, TLanes.MultiplyAdd(e, above, two), TLanes.MultiplyAdd(twice, e, above));
            TVector inverse = TLanes.Divide(one, below);

            // Below 0, e is a factor of everything. Its power of two comes last, so that subnormal results are rounded once.
            TVector factor = TLanes.Multiply(TLanes.IfGreater(zero, z, mantissa, one), inverse);
            power = TLanes.IfGreater(zero, z, power, zero);
            TVector four = TLanes.Broadcast(4), bounded = TLanes.IfGreater(zero, z, negative, TLanes.Multiply(x, TLanes.Multiply(e, e)));
            TVector sum = TLanes.MultiplyAdd(bounded, TLanes.Multiply(TLanes.MultiplyAdd(e, four, four), inverse), above);
            slope = TLanes.Scale(TLanes.Multiply(factor, sum), power);
            return TLanes.Scale(TLanes.Multiply(TLanes.Multiply(factor, above), TLanes.IfGreater(zero, z, negative, z)), power);
        }
    }
}
