using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Binary cross-entropy of a sigmoid: with <c>p = 1 / (1 + exp(-z))</c>, <c>-y log p - (1 - y) log(1 - p) = max(z, 0) - y z + log(1 + exp(-|z|))</c>.
/// The score is the log-odds z; <see cref="MlpModel.Probability"/> maps it to p.
/// </summary>
/// <remarks>
/// Targets: one column, 0 or 1 (values between are allowed: they are probabilities). Gradient: <c>p - y</c>. The right-hand form
/// never overflows. Metric: the accuracy at the threshold p = 0.5, a log-odds of exactly zero counting as the negative class.
/// </remarks>
public sealed record SigmoidCrossEntropy : BinaryLoss
{
    /// <summary>
    /// The share e of the target, in [0, 1), that both classes have in equal parts: the target y becomes <c>(1 - e) y + e / 2</c>, of the training
    /// rows and of the validation rows. Default 0.
    /// </summary>
    /// <remarks>
    /// It keeps log-odds from growing without end where rows are easy, and makes probabilities less certain than they should be. Szegedy, Vanhoucke,
    /// Ioffe, Shlens and Wojna, Rethinking the Inception Architecture for Computer Vision, 2016. The loss of a perfect fit is the entropy of the smoothed
    /// target, not 0.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float LabelSmoothing
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(LabelSmoothing));
    }

    internal override bool GivesProbabilities => true;

    internal override bool GivesLogOdds => true;

    internal override Loss ForPerfectFit => this with { LabelSmoothing = 0, ClassWeights = null };

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        if (!(targets[0] is >= 0 and <= 1))
        {
            throw new ArgumentException($"Row {row} (from 0): the target is {targets[0]}; {nameof(SigmoidCrossEntropy)} allows 0 to 1.");
        }
    }

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        Span<float> p = gradient.Values;
        VectorMath.Sigmoid(logits.Values, p);
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = scale * weights[i] * (p[i] - Smoothed(targets.Values[i]));
        }

        return LossSum(logits, targets, weights);
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights) =>
        OrderedSum.Of(new WeightedLoss(LabelSmoothing), logits.Values, targets.Values, weights);

    /// <summary>
    /// The log-odds of the mean probability, <c>log(mean p / mean(1 - p))</c>, so that score and probability of an ensemble agree. Both
    /// means are taken as logarithms: no p rounds to 0 or 1 on the way, and any finite log-odds give finite ones.
    /// </summary>
    internal override void AverageScores(MatrixSpan logits, Span<float> scores) => scores[0] = MeanLogOdds(logits.Values);

    /// <inheritdoc cref="AverageScores"/>
    internal static float MeanLogOdds(ReadOnlySpan<float> logits) => (float)(LogProbabilitySum(logits, 1) - LogProbabilitySum(logits, -1));

    internal override bool StartsAtBestConstant => true;

    /// <summary>The log-odds of the mean target.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        // A class without rows is held for half as probable as if it had one.
        double least = 0.5 / (targets.Rows + 1), p = Math.Clamp(Smoothed(WeightedMean.Of(targets, weights)[0]), least, 1 - least);
        outputs[0] = (float)Math.Log(p / (1 - p));
    }

    /// <summary>The loss of one row with the log-odds <paramref name="z"/> and the target <paramref name="y"/>, in nats.</summary>
    internal static double LossOf(double z, double y) => Math.Max(z, 0) - y * z + Log1p(Math.Exp(-Math.Abs(z)));

    private protected override double RowLoss(double z, double y) => LossOf(z, Smoothed((float)y));

    private float Smoothed(float target) => LabelSmoothing == 0 ? target : (float)Smoothed((double)target);

    private double Smoothed(double target) => (1.0 - LabelSmoothing) * target + LabelSmoothing / 2.0;

    /// <summary><c>log(sum_i p_i)</c> with <c>p_i = 1 / (1 + exp(-sign z_i))</c>, relative to the greatest p.</summary>
    private static double LogProbabilitySum(ReadOnlySpan<float> z, int sign)
    {
        double greatest = double.NegativeInfinity, sum = 0;
        foreach (float value in z)
        {
            greatest = Math.Max(greatest, LogProbability(sign * (double)value));
        }

        foreach (float value in z)
        {
            sum += Math.Exp(LogProbability(sign * (double)value) - greatest);
        }

        return greatest + Math.Log(sum);
    }

    private static double LogProbability(double z) => Math.Min(z, 0) - Log1p(Math.Exp(-Math.Abs(z)));

    /// <summary>
    /// <c>log(1 + x)</c> for x in [0, 1], with the digits that <c>1 + x</c> loses put back (Goldberg, What Every Computer Scientist Should
    /// Know, 1991, theorem 4).
    /// </summary>
    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : x * Math.Log(u) / (u - 1);
    }

    /// <summary>The loss of one row, of its log-odds, its target and its weight.</summary>
    private readonly struct WeightedLoss(double smoothing) : IDoubleFormula
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z)
        {
            Vector512<double> target = Vector512.Create(1 - smoothing) * y + Vector512.Create(smoothing / 2);
            Vector512<double> positive = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<double>.Zero), Vector512<double>.Zero, x);
            return z * (positive - target * x + DoubleMath.LogOfOnePlusExp(-Vector512.Abs(x)));
        }
    }
}
