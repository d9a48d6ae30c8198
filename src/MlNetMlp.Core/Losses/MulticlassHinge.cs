using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Hinge loss over C classes: <c>sum over j != y of max(0, z_j - z_y + 1)</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: 1 for every class that comes closer than 1 to the true one, and minus
/// their number for the true one (Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, 1999). Scores are
/// margins of any size and sign, not probabilities: the greatest one wins, and metrics that need probabilities, such as the log-loss, mean
/// nothing. Metric: the accuracy, ties won by the lowest index.
/// </remarks>
public sealed record MulticlassHinge : MulticlassLoss
{
    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        MarginSum<Formula>.Gradient(logits, targets, weights, scale, gradient);

    internal override void ToScores(Span<float> row)
    {
    }

    private protected override double RowLoss(ReadOnlySpan<float> z, int y) => MarginSum<Formula>.Of(z, y);

    private readonly struct Formula : IMarginFormula
    {
        public static Vector512<double> Loss(Vector512<double> excess) => excess;

        public static Vector512<double> Slope(Vector512<double> excess) =>
            Vector512.GreaterThan(excess, Vector512<double>.Zero) & Vector512<double>.One;
    }
}
