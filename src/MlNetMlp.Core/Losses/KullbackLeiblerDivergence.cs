using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How far the softmax of the K outputs is from a target distribution t: <c>sum_k t_k log(t_k / p_k)</c> with
/// <c>p_k = exp(z_k) / sum_j exp(z_j)</c> and <c>0 log 0 = 0</c>. Scores are the probabilities p.
/// </summary>
/// <remarks>
/// Targets: K columns, at least 0, with the sum 1 (up to 0.001, for rounded shares); never standardized. Gradient:
/// <c>(sum t) p - t</c>. For a target that is 1 in one column and 0 elsewhere this is <see cref="SoftmaxCrossEntropy"/> (Kullback and Leibler, On
/// Information and Sufficiency, 1951). Metric: the divergence itself, 0 at best.
/// </remarks>
public sealed record KullbackLeiblerDivergence : RegressionLoss
{
    private const double SumTolerance = 1e-3;

    /// <summary>
    /// How much the shares of each part count: with the weights w, in their order, the loss is the weighted cross-entropy <c>sum_k w_k t_k log(t_k / p_k)</c>,
    /// in training and in validation. Default null: all the same. <see cref="MlNetMlp.ClassWeights.Balanced"/> goes by the sums of the shares.
    /// </summary>
    /// <remarks>
    /// Gradient: <c>p sum_k w_k t_k - w t</c>. The metric has no weights, nor has the loss of the trained model, which scores larger shares where they count
    /// more.
    /// </remarks>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>The weights, once they are known; null: all are 1.</summary>
    private float[]? Factors { get; init; }

    internal override bool HasSoftmax => true;

    internal override Loss ForModel => this is { ClassWeights: null, Factors: null } ? this : new KullbackLeiblerDivergence();

    internal override Loss ForPerfectFit => new KullbackLeiblerDivergence();

    /// <summary>The loss with the weights of its shares.</summary>
    internal KullbackLeiblerDivergence With(float[] factors) => this with { ClassWeights = null, Factors = factors };

    /// <inheritdoc/>
    public override string MetricName => nameof(KullbackLeiblerDivergence);

    internal override void CheckOutputCount(int outputCount)
    {
        if (outputCount < 2)
        {
            throw new ArgumentException($"{this} needs at least 2 outputs, one for each share of a distribution, but the network has {outputCount}.");
        }
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        double sum = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            sum += targets[k] >= 0
                ? targets[k]
                : throw new ArgumentException(FormattableString.Invariant(
                    $"Row {row} (from 0): target {k} is {targets[k]}; {this} allows shares of at least 0."));
        }

        if (!(Math.Abs(sum - 1) <= SumTolerance))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Row {row} (from 0): the targets have the sum {sum}; {this} needs shares of a distribution, whose sum is 1."));
        }
    }

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<float> t = targets.Row(i);
            Span<float> g = gradient.Row(i);
            logits.Row(i).CopyTo(g);
            sum += weights[i] * RowLoss(logits.Row(i), t, Factors, RowOps.SoftmaxInPlace(g));
            var toGradient = new ToGradient((float)(Factors is null ? OrderedSum.Of(t) : OrderedSum.OfProducts(t, Factors)), scale * weights[i]);
            if (Factors is null)
            {
                ElementwiseMath.Apply(toGradient, g, t, g);
            }
            else
            {
                ElementwiseMath.Apply(toGradient, g, t, Factors, g);
            }
        }

        return sum;
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * RowLoss(logits.Row(i), targets.Row(i), Factors, RowOps.LogSumExp(logits.Row(i)));
        }

        return sum;
    }

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * RowLoss(logits.Row(i), targets.Row(i), null, RowOps.LogSumExp(logits.Row(i)));
        }

        return sum;
    }

    internal override bool StartsAtBestConstant => true;

    /// <summary>The logarithms of the (weighted) mean shares.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] shares = WeightedMean.Of(targets, weights);
        shares = Factors is null ? shares : [.. shares.Zip(Factors, (share, factor) => share * factor)];
        double sum = Factors is null || shares.Sum() == 0 ? 1 : shares.Sum();
        WeightedMean.WriteLogarithms(Array.ConvertAll(shares, share => share / sum), targets.Rows, outputs);
    }

    internal override void ToScores(Span<float> row) => RowOps.SoftmaxInPlace(row);

    internal override void ToLogits(Span<float> scores) => RowOps.LogInPlace(scores);

    internal override void AverageLogits(MatrixSpan logits, Span<float> average) => RowOps.LogMeanSoftmax(logits, average);

    /// <summary>With <c>log p_k = z_k - log(sum_j exp(z_j))</c>: a probability that rounds to 0 has a finite logarithm.</summary>
    private static double RowLoss(ReadOnlySpan<float> z, ReadOnlySpan<float> t, ReadOnlySpan<float> factors, double logSum) => factors.IsEmpty
        ? OrderedSum.Of(new Term(logSum), t, z, z)
        : OrderedSum.Of(new WeightedTerm(logSum), t, z, factors);

    /// <summary><c>t log(t / p)</c>, of the share t and the output z.</summary>
    private readonly struct Term(double logSum) : IDoubleFormula
    {
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, Vector512<double>.Zero), x * (DoubleMath.Log(x) + (Vector512.Create(logSum) - y)), x);
    }

    private readonly struct WeightedTerm(double logSum) : IDoubleFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<double> Of(Vector512<double> x, Vector512<double> y, Vector512<double> z) => z * new Term(logSum).Of(x, y, y);
    }

    /// <summary>Of a probability, a share and its weight: <c>scale (sum p - w t)</c>.</summary>
    private readonly struct ToGradient(float sum, float scale) : IElementwiseOfTwo, IElementwiseOfThree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct =>
            TLanes.Multiply(TLanes.Subtract(TLanes.Multiply(x, TLanes.Broadcast(sum)), y), TLanes.Broadcast(scale));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x, TVector y, TVector z)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => Of<TLanes, TVector>(x, TLanes.Multiply(y, z));
    }
}
