using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>The function alone, with the same bits.</summary>
internal readonly struct WithoutSlope<TFunction>(TFunction function) : IElementwise
    where TFunction : struct, IElementwiseWithSlope
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => function.Of<TLanes, TVector>(x, out _);
}
