using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Applies a formula to a span.</summary>
internal static unsafe class ElementwiseKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary><c>y[i] = f(x[i])</c>; <paramref name="y"/> may be <paramref name="x"/>.</summary>
    /// <remarks>The tail goes through the same formula in a vector that is not full: where an element stands does not matter.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFunction>(float* x, float* y, int length)
        where TFunction : struct, IElementwise
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(y + i, TFunction.Of<TLanes, TVector>(TLanes.Load(x + i)));
        }

        if (i < length)
        {
            TLanes.StoreFirst(y + i, TFunction.Of<TLanes, TVector>(TLanes.LoadFirst(x + i, length - i)), length - i);
        }
    }
}
