using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The sum of an <see cref="IMarginFormula"/> over the classes that are not the true one.</summary>
/// <remarks>The type parameter lets the compiler inline the formula into the loop.</remarks>
internal static class MarginSum<TFormula>
    where TFormula : struct, IMarginFormula
{
    /// <inheritdoc cref="Loss.Gradient"/>
    public static double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> z = logits.Row(i);
            Span<float> g = gradient.Row(i);
            int y = (int)targets.Values[i];
            float factor = scale * weights[i];
            double ofTheClass = 0;
            for (int j = 0; j < z.Length; j++)
            {
                double slope = TFormula.Slope(Excess(z, j, y));
                ofTheClass -= slope;
                g[j] = factor * (float)slope;
            }

            g[y] = factor * (float)ofTheClass;
            sum += weights[i] * Of(z, y);
        }

        return sum;
    }

    /// <summary>The loss of one row with the outputs <paramref name="z"/> and the class <paramref name="y"/>.</summary>
    public static double Of(ReadOnlySpan<float> z, int y)
    {
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
        {
            sum += TFormula.Loss(Excess(z, j, y));
        }

        return sum;
    }

    /// <summary>By how much class <paramref name="j"/> comes closer to the true class than 1; 0 for the true class itself.</summary>
    private static double Excess(ReadOnlySpan<float> z, int j, int y) => j == y ? 0 : Math.Max(0, (double)z[j] - z[y] + 1);
}
