using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlNetMlp.Numerics;

/// <summary>Running mean, sum of squared distances from it, and range of every column, row after row, in double precision.</summary>
/// <remarks>Each column is computed for itself, so the bits do not depend on the width of a vector.</remarks>
internal static class MomentSums
{
    private static int Width => Vector512<double>.Count;

    /// <summary>How many elements the arrays for so many columns have: whole vectors.</summary>
    public static int Room(int columns) => checked(columns + Width - 1) / Width * Width;

    /// <summary>
    /// Takes in a row whose values are finite: with the distance d of a value from the mean m, <c>W += w</c>, <c>m += d w / W</c> and
    /// <c>S += w d (value - m)</c>.
    /// </summary>
    /// <param name="row">[columns].</param>
    /// <param name="weight">w, greater than 0.</param>
    /// <param name="weights">W; this and what follows have <see cref="Room"/> elements, those behind the last column of no meaning.</param>
    /// <param name="means">m.</param>
    /// <param name="squares">S.</param>
    /// <param name="least">The least value of each column.</param>
    /// <param name="greatest">The greatest one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        ReadOnlySpan<float> row, float weight, Span<double> weights, Span<double> means, Span<double> squares, Span<float> least, Span<float> greatest)
    {
        Vector512<double> w = Vector512.Create((double)weight);
        Span<float> last = stackalloc float[Width];
        last.Clear();
        row[(row.Length / Width * Width)..].CopyTo(last);
        for (int j = 0; j < row.Length; j += Width)
        {
            Vector256<float> values = Vector256.Create(j <= row.Length - Width ? row[j..] : last);
            Vector256.Min(Vector256.Create<float>(least[j..]), values).CopyTo(least[j..]);
            Vector256.Max(Vector256.Create<float>(greatest[j..]), values).CopyTo(greatest[j..]);

            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(values);
            Vector512<double> x = Vector512.Create(lower, upper), mean = Vector512.Create<double>(means[j..]);
            Vector512<double> distance = x - mean, total = Vector512.Create<double>(weights[j..]) + w;
            mean += distance * w / total;
            total.CopyTo(weights[j..]);
            mean.CopyTo(means[j..]);
            (Vector512.Create<double>(squares[j..]) + w * distance * (x - mean)).CopyTo(squares[j..]);
        }
    }
}
