using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Squared hinge loss over C classes: <c>sum over j != y of max(0, z_j - z_y + 1)^2</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: <c>2 max(0, z_j - z_y + 1)</c> for every other class, and minus their
/// sum for the true one: smooth, and hard on large violations (Tang, Deep Learning using Linear Support Vector Machines, 2013). Scores are
/// margins of any size and sign, not probabilities: the greatest one wins, and measures that need probabilities, such as the log-loss,
/// mean nothing. Measure: the accuracy, ties won by the lowest index.
/// </remarks>
public sealed record SquaredMulticlassHinge : MulticlassLoss
{
    internal override double Gradient(
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
                double slope = 2 * Math.Max(0, Margin(z, j, y));
                ofTheClass -= slope;
                g[j] = factor * (float)slope;
            }

            g[y] = factor * (float)ofTheClass;
            sum += weights[i] * RowLoss(z, y);
        }

        return sum;
    }

    internal override void ToScores(Span<float> row)
    {
    }

    private protected override double RowLoss(ReadOnlySpan<float> z, int y)
    {
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
        {
            double margin = Math.Max(0, Margin(z, j, y));
            sum += margin * margin;
        }

        return sum;
    }

    /// <summary>By how much class <paramref name="j"/> comes closer to the true class than 1; 0 for the true class itself.</summary>
    private static double Margin(ReadOnlySpan<float> z, int j, int y) => j == y ? 0 : (double)z[j] - z[y] + 1;
}
