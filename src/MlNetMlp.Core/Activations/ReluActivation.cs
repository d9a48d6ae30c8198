using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(z) = max(0, z)</c>; <c>f' = 1</c> where a is positive, else 0 (also at z = 0). NaN stays NaN.</summary>
internal sealed record ReluActivation : FormulaActivation<ReluActivation.MaximumFormula>
{
    internal override Initializer DefaultInitializer => Initializer.He;

    internal override bool CanDie => true;

    internal readonly struct MaximumFormula : IElementwise, IElementwiseOfTwo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => TLanes.Max(z, TLanes.Broadcast(0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector a, TVector gradient)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            TVector zero = TLanes.Broadcast(0);
            return TLanes.Multiply(gradient, TLanes.IfGreater(a, zero, TLanes.Broadcast(1), zero));
        }
    }
}
