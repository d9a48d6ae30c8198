using System.Runtime.CompilerServices;

namespace MlNetMlp.Numerics;

/// <summary>Applies a formula to spans.</summary>
/// <remarks>
/// A result may take the place of an operand. The tail goes through the same formula in a vector that is not full: where an element stands does
/// not matter.
/// </remarks>
internal static unsafe class ElementwiseKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary><c>result[i] = f(x[i])</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply<TFunction>(TFunction function, float* x, float* result, int length)
        where TFunction : struct, IElementwise
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(result + i, function.Of<TLanes, TVector>(TLanes.Load(x + i)));
        }

        if (i < length)
        {
            int left = length - i;
            TLanes.StoreFirst(result + i, function.Of<TLanes, TVector>(TLanes.LoadFirst(x + i, left)), left);
        }
    }

    /// <summary><c>result[i] = f(x[i], y[i])</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyToTwo<TFunction>(TFunction function, float* x, float* y, float* result, int length)
        where TFunction : struct, IElementwiseOfTwo
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(result + i, function.Of<TLanes, TVector>(TLanes.Load(x + i), TLanes.Load(y + i)));
        }

        if (i < length)
        {
            int left = length - i;
            TLanes.StoreFirst(result + i, function.Of<TLanes, TVector>(TLanes.LoadFirst(x + i, left), TLanes.LoadFirst(y + i, left)), left);
        }
    }

    /// <summary><c>result[i] = f(x[i], y[i], z[i])</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyToThree<TFunction>(TFunction function, float* x, float* y, float* z, float* result, int length)
        where TFunction : struct, IElementwiseOfThree
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes.Store(result + i, function.Of<TLanes, TVector>(TLanes.Load(x + i), TLanes.Load(y + i), TLanes.Load(z + i)));
        }

        if (i < length)
        {
            int left = length - i;
            TVector last = function.Of<TLanes, TVector>(TLanes.LoadFirst(x + i, left), TLanes.LoadFirst(y + i, left), TLanes.LoadFirst(z + i, left));
            TLanes.StoreFirst(result + i, last, left);
        }
    }

    /// <summary><c>x[i, j] = f(x[i, j], y[j])</c> for rows of so many columns, at least 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ApplyToRows<TFunction>(TFunction function, float* x, float* y, int length, int columns)
        where TFunction : struct, IElementwiseOfTwo
    {
        for (float* end = x + length; x < end; x += columns)
        {
            ApplyToTwo(function, x, y, x, columns);
        }
    }

    /// <summary>
    /// With <c>z[i, j] = x[i, j] + y[j]</c>, or <c>x[i, j]</c> where y is null: <c>result[i, j] = f(z[i, j])</c>, <c>slopes[i, j] = f'(z[i, j])</c>. The
    /// columns are at least 1.
    /// </summary>
    public static void ApplyToRowsWithSlope<TFunction>(TFunction function, float* x, float* y, float* result, float* slopes, int length, int columns)
        where TFunction : struct, IElementwiseWithSlope
    {
        for (int row = 0; row < length; row += columns)
        {
            ApplyWithSlope(function, x + row, y, result + row, slopes + row, columns);
        }
    }

    /// <summary>With <c>z[i] = x[i] + y[i]</c>, or <c>x[i]</c> where y is null: <c>result[i] = f(z[i])</c>, <c>slopes[i] = f'(z[i])</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyWithSlope<TFunction>(TFunction function, float* x, float* y, float* result, float* slopes, int length)
        where TFunction : struct, IElementwiseWithSlope
    {
        int i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TVector z = y is null ? TLanes.Load(x + i) : TLanes.Add(TLanes.Load(x + i), TLanes.Load(y + i));
            TLanes.Store(result + i, function.Of<TLanes, TVector>(z, out TVector slope));
            TLanes.Store(slopes + i, slope);
        }

        if (i < length)
        {
            int left = length - i;
            TVector z = y is null ? TLanes.LoadFirst(x + i, left) : TLanes.Add(TLanes.LoadFirst(x + i, left), TLanes.LoadFirst(y + i, left));
            TLanes.StoreFirst(result + i, function.Of<TLanes, TVector>(z, out TVector slope), left);
            TLanes.StoreFirst(slopes + i, slope, left);
        }
    }
}
