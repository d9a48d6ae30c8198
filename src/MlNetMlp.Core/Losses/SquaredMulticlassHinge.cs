using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Squared hinge loss over C classes: <c>sum over j != y of max(0, z_j - z_y + 1)^2</c>. The scores are the outputs.</summary>
/// <remarks>
/// Targets: one column, the index of the class, 0 to C - 1. Gradient: <c>2 max(0, z_j - z_y + 1)</c> for every other class, and minus their
/// sum for the true one: smooth, and hard on large violations (Tang, Deep Learning using Linear Support Vector Machines, 2013). Scores are
/// margins of any size and sign, not probabilities: the greatest one wins, and metrics that need probabilities, such as the log-loss,
/// mean nothing. Metric: the accuracy, ties won by the lowest index.
/// </remarks>
public sealed record SquaredMulticlassHinge : MulticlassLoss
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
        public static Vector512<double> Loss(Vector512<double> excess) => excess * excess;

        public static Vector512<double> Slope(Vector512<double> excess) => 2 * excess;
    }
}
