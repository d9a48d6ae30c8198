using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Half the squared distance between the probability of a sigmoid and the class: <c>1/2 (p - y)^2</c> with <c>p = 1 / (1 + exp(-z))</c>. The score is the
/// log-odds z; <see cref="MlpModel.Probability"/> maps it to p.
/// </summary>
/// <remarks>
/// Targets: one column, 0 or 1. Gradient: <c>(p - y) p (1 - p)</c>, which vanishes where the network is sure, right or wrong: the loss of the first networks
/// with back-propagation (Rumelhart, Hinton and Williams, 1986); <see cref="SigmoidCrossEntropy"/> learns faster. Metric: the accuracy at the threshold
/// p = 0.5.
/// </remarks>
public sealed record SigmoidSquaredError : BinaryLoss
{
    internal override bool GivesProbabilities => true;

    internal override bool GivesLogOdds => true;

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            double z = logits.Values[i], p = Sigmoid(z), distance = DistanceOf(z, targets.Values[i]);
            sum += weights[i] * distance * distance / 2;
            gradient.Values[i] = scale * weights[i] * (float)(distance * p * Sigmoid(-z));
        }

        return sum;
    }

    internal override void AverageScores(MatrixSpan logits, Span<float> scores) => scores[0] = SigmoidCrossEntropy.MeanLogOdds(logits.Values);

    internal override bool StartsAtBestConstant => true;

    /// <summary>The log-odds of the share of the positive class.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        new SigmoidCrossEntropy().BestConstant(targets, weights, outputs);

    private protected override double RowLoss(double z, double y) => DistanceOf(z, y) * DistanceOf(z, y) / 2;

    /// <summary><c>p - y</c>, from the side on which no digits are lost.</summary>
    private static double DistanceOf(double z, double y) => y > 0.5 ? -Sigmoid(-z) : Sigmoid(z);

    private static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));
}
