using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = z P(z)</c> with the normal distribution's P; <c>f' = P(z) + z exp(-z^2 / 2) / sqrt(2 pi)</c>.</summary>
internal sealed record GeluActivation : GatedActivation<GeluActivation.Formula>
{
    internal readonly struct Formula : IElementwiseWithSlope
    {
        /// <summary>Farther out than this, function and derivative have their limits.</summary>
        private const float Farthest = 14.6f;

        /// <summary><c>1 / sqrt(2 pi)</c>.</summary>
        private const float Density = 0.398942280f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z, out TVector slope)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            // With x = |z| and the tail Q(x) = P(-x): f is -x Q(x) below 0 and z - x Q(x) above; with d = Q(x) - x exp(-x^2 / 2) / sqrt(2 pi),
            // f' is d below and 1 - d above.
            TVector zero = TLanes.Broadcast(0);
            TVector x = Exponential.Magnitude<TLanes, TVector>(z, Farthest);

            // The rounding error of the square would be multiplied by up to 100 in the exponential function.
            TVector half = TLanes.Multiply(x, TLanes.Broadcast(-0.5f)), exponent = TLanes.Multiply(half, x);
            TVector lost = TLanes.MultiplyAdd(half, x, TLanes.Subtract(zero, exponent));
            TVector fraction = Exponential.Split<TLanes, TVector>(exponent, lost, out TVector power);

            // Times 1 + fraction. The power of two comes last, so that subnormal results are rounded once.
            TVector ratio = TailOverExponential<TLanes, TVector>(x), product = TLanes.Multiply(x, ratio);
            TVector part = TLanes.Scale(TLanes.MultiplyAdd(product, fraction, product), power);
            TVector difference = TLanes.MultiplyAdd(x, TLanes.Broadcast(-Density), ratio);
            TVector tail = TLanes.Scale(TLanes.MultiplyAdd(difference, fraction, difference), power);
            slope = TLanes.IfGreater(zero, z, tail, TLanes.Subtract(TLanes.Broadcast(1), tail));
            return TLanes.IfGreater(zero, z, TLanes.Subtract(zero, part), TLanes.Subtract(z, part));
        }

        /// <summary>
        /// <c>Q(x) / exp(-x^2 / 2)</c> for x in [0, 14.8] as a quotient of polynomials, fitted to the least largest relative error: 1.6e-8, with the
        /// coefficients rounded.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector TailOverExponential<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector above = TLanes.Broadcast(0.00413799379f);
            above = TLanes.MultiplyAdd(above, x, TLanes.Broadcast(0.0407791212f));
            above = TLanes.MultiplyAdd(above, x, TLanes.Broadcast(0.1836676f));
            above = TLanes.MultiplyAdd(above, x, TLanes.Broadcast(0.438878149f));
            above = TLanes.MultiplyAdd(above, x, TLanes.Broadcast(0.5f));
            TVector below = TLanes.Broadcast(0.0103722969f);
            below = TLanes.MultiplyAdd(below, x, TLanes.Broadcast(0.10222435f));
            below = TLanes.MultiplyAdd(below, x, TLanes.Broadcast(0.470612407f));
            below = TLanes.MultiplyAdd(below, x, TLanes.Broadcast(1.2042985f));
            below = TLanes.MultiplyAdd(below, x, TLanes.Broadcast(1.6756413f));
            below = TLanes.MultiplyAdd(below, x, TLanes.Broadcast(1));
            return TLanes.Divide(above, below);
        }
    }
}
