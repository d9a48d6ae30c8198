namespace MlNetMlp.Core.Tests.Support;

/// <summary>Plain-loop matrix products to compare with; never optimised.</summary>
/// <remarks>
/// The three forms differ only in how an operand is stored: <c>"NN"</c> is left [m, k] * right [k, n], <c>"NT"</c> has right stored as
/// [n, k], <c>"TN"</c> has left stored as [k, m].
/// </remarks>
internal static class ReferenceProduct
{
    public static readonly string[] Forms = ["NN", "NT", "TN"];

    /// <summary>The product in double precision, and the sum of the magnitudes of its terms.</summary>
    public static void InDouble(
        string form, ReadOnlySpan<float> left, ReadOnlySpan<float> right, int m, int n, int k, Span<double> product, Span<double> magnitude)
    {
        (int leftRow, int leftStep, int rightStep, int rightColumn) = Strides(form, m, n, k);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0, absolute = 0;
                for (int p = 0; p < k; p++)
                {
                    double term = (double)left[(i * leftRow) + (p * leftStep)] * right[(p * rightStep) + (j * rightColumn)];
                    sum += term;
                    absolute += Math.Abs(term);
                }

                product[(i * n) + j] = sum;
                magnitude[(i * n) + j] = absolute;
            }
        }
    }

    /// <summary>Each element as the chain of fused multiply-adds that the library promises.</summary>
    public static void Chains(
        string form, ReadOnlySpan<float> left, ReadOnlySpan<float> right, int m, int n, int k, Span<float> product)
    {
        (int leftRow, int leftStep, int rightStep, int rightColumn) = Strides(form, m, n, k);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                {
                    sum = MathF.FusedMultiplyAdd(left[(i * leftRow) + (p * leftStep)], right[(p * rightStep) + (j * rightColumn)], sum);
                }

                product[(i * n) + j] = sum;
            }
        }
    }

    /// <summary>
    /// The error bound of a chain of k rounded operations, <c>k u sum|a b|</c> with <c>u = 2^-24</c>: Nicholas J. Higham, "Accuracy and
    /// Stability of Numerical Algorithms", section 3.1. Twice that, for processors that round the product as well.
    /// </summary>
    public static double ChainErrorBound(int k, double magnitude) => 2 * k * Math.ScaleB(1, -24) * magnitude;

    private static (int LeftRow, int LeftStep, int RightStep, int RightColumn) Strides(string form, int m, int n, int k) => form switch
    {
        "NN" => (k, 1, n, 1),
        "NT" => (k, 1, 1, k),
        _ => (1, m, n, 1),
    };
}
