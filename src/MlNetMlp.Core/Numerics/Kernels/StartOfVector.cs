using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The first <paramref name="count"/> floats of a vector; nothing beyond is touched.</summary>
internal readonly unsafe struct StartOfVector<TLanes, TVector>(int count) : IAccess<TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(float* source) => TLanes.LoadFirst(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target, TVector value) => TLanes.StoreFirst(target, value, count);
}
