using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>
/// Sums of many floats in double precision, always in the same order: element <c>i</c> goes to partial sum <c>i % 16</c>, and the
/// partial sums are added one after the other. So the bits do not depend on the processor.
/// </summary>
/// <remarks>The sum of nothing is 0; a NaN or an infinity shows in the result.</remarks>
internal static class OrderedSum
{
    /// <summary><c>sum of values[i]</c>.</summary>
    public static double Of(ReadOnlySpan<float> values) => Sum<Itself>(values);

    /// <summary><c>sum of values[i]^2</c>. It cannot overflow: the largest float squared is 1e77.</summary>
    public static double OfSquares(ReadOnlySpan<float> values) => Sum<Square>(values);

    /// <summary><c>sum of |values[i]|</c>.</summary>
    public static double OfMagnitudes(ReadOnlySpan<float> values) => Sum<Magnitude>(values);

    /// <summary><c>sum of left[i] * right[i]</c>; each product is exact.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double OfProducts(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Throw.IfLengthsDiffer(left.Length, right.Length, nameof(right));
        int width = Vector512<float>.Count;
        int whole = left.Length - (left.Length % width);
        Vector512<double> lower = Vector512<double>.Zero;
        Vector512<double> upper = Vector512<double>.Zero;
        for (int i = 0; i < whole; i += width)
        {
            AddProducts(Vector512.Create(left[i..]), Vector512.Create(right[i..]), ref lower, ref upper);
        }

        if (whole < left.Length)
        {
            Span<float> padded = stackalloc float[2 * width];
            padded.Clear();
            left[whole..].CopyTo(padded);
            right[whole..].CopyTo(padded[width..]);
            AddProducts(Vector512.Create<float>(padded), Vector512.Create<float>(padded[width..]), ref lower, ref upper);
        }

        return Total(lower, upper);
    }

    private static double Sum<TTerm>(ReadOnlySpan<float> values) where TTerm : ITerm
    {
        int width = Vector512<float>.Count;
        int whole = values.Length - (values.Length % width);
        ref float start = ref MemoryMarshal.GetReference(values);
        Vector512<double> lower = Vector512<double>.Zero;
        Vector512<double> upper = Vector512<double>.Zero;
        for (int i = 0; i < whole; i += width)
        {
            Add<TTerm>(Vector512.LoadUnsafe(ref start, (nuint)i), ref lower, ref upper);
        }

        if (whole < values.Length)
        {
            Span<float> padded = stackalloc float[width];
            padded.Clear();
            values[whole..].CopyTo(padded);
            Add<TTerm>(Vector512.Create<float>(padded), ref lower, ref upper);
        }

        return Total(lower, upper);
    }

    private static double Total(Vector512<double> lower, Vector512<double> upper)
    {
        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += lower[lane];
        }

        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += upper[lane];
        }

        return sum;
    }

    private static void AddProducts(Vector512<float> left, Vector512<float> right, ref Vector512<double> lower, ref Vector512<double> upper)
    {
        lower += Vector512.WidenLower(left) * Vector512.WidenLower(right);
        upper += Vector512.WidenUpper(left) * Vector512.WidenUpper(right);
    }

    private static void Add<TTerm>(Vector512<float> values, ref Vector512<double> lower, ref Vector512<double> upper) where TTerm : ITerm
    {
        lower += TTerm.Of(Vector512.WidenLower(values));
        upper += TTerm.Of(Vector512.WidenUpper(values));
    }

    private interface ITerm
    {
        static abstract Vector512<double> Of(Vector512<double> values);
    }

    private readonly struct Itself : ITerm
    {
        public static Vector512<double> Of(Vector512<double> values) => values;
    }

    private readonly struct Square : ITerm
    {
        public static Vector512<double> Of(Vector512<double> values) => values * values;
    }

    private readonly struct Magnitude : ITerm
    {
        public static Vector512<double> Of(Vector512<double> values) => Vector512.Abs(values);
    }
}
