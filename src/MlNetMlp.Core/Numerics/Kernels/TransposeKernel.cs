using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetMlp.Numerics;

/// <summary>Transposes a matrix <c>[columns, depth]</c>: <c>target[k * targetStep + c] = source[c * sourceStride + k]</c>.</summary>
internal static unsafe class TransposeKernel
{
    /// <summary>In squares of 8 by 8 that are turned within registers; the rest one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void With256(float* source, nint sourceStride, int columns, int depth, float* target, nint targetStep)
    {
        int squareColumns = columns & ~7, squareDepth = depth & ~7;
        for (int c = 0; c < squareColumns; c += 8)
        {
            for (int k = 0; k < squareDepth; k += 8)
            {
                Square(source + (c * sourceStride) + k, sourceStride, target + (k * targetStep) + c, targetStep);
            }
        }

        if (squareDepth < depth)
        {
            float* below = target + (squareDepth * targetStep);
            Scalar(source + squareDepth, sourceStride, squareColumns, depth - squareDepth, below, targetStep);
        }

        if (squareColumns < columns)
        {
            float* beside = target + squareColumns;
            Scalar(source + (squareColumns * sourceStride), sourceStride, columns - squareColumns, depth, beside, targetStep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scalar(float* source, nint sourceStride, int columns, int depth, float* target, nint targetStep)
    {
        for (int c = 0; c < columns; c++)
        {
            float* row = source + (c * sourceStride);
            float* column = target + c;
            for (int k = 0; k < depth; k++)
            {
                column[k * targetStep] = row[k];
            }
        }
    }

    /// <summary>
    /// Lower and upper halves of rows 0..3 and 4..7 meet on loading, so that what is left is two rounds of shuffles within the
    /// 128-bit halves: pairs of rows, then pairs of pairs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint sourceStride, float* target, nint targetStep)
    {
        float* lower = source + (4 * sourceStride);
        Vector256<float> left0 = Halves(source, lower), right0 = Halves(source + 4, lower + 4);
        source += sourceStride;
        lower += sourceStride;
        Vector256<float> left1 = Halves(source, lower), right1 = Halves(source + 4, lower + 4);
        source += sourceStride;
        lower += sourceStride;
        Vector256<float> left2 = Halves(source, lower), right2 = Halves(source + 4, lower + 4);
        source += sourceStride;
        lower += sourceStride;
        Vector256<float> left3 = Halves(source, lower), right3 = Halves(source + 4, lower + 4);

        FourRows(left0, left1, left2, left3, target, targetStep);
        FourRows(right0, right1, right2, right3, target + (4 * targetStep), targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(
        Vector256<float> row0, Vector256<float> row1, Vector256<float> row2, Vector256<float> row3, float* target, nint targetStep)
    {
        Vector256<float> low01 = Avx.UnpackLow(row0, row1), high01 = Avx.UnpackHigh(row0, row1);
        Vector256<float> low23 = Avx.UnpackLow(row2, row3), high23 = Avx.UnpackHigh(row2, row3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(target);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(target + targetStep);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(target + (2 * targetStep));
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(target + (3 * targetStep));
    }
}
