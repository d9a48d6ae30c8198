using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>All floats of a vector.</summary>
internal readonly unsafe struct WholeVector<TLanes, TVector> : IAccess<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source) => TLanes.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, TVector value) => TLanes.Store(target, value);
}
