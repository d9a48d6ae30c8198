using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the training minimises: a function of the network's linear outputs ("logits") and the targets, one value per row.</summary>
/// <remarks>
/// <para>
/// A loss owns the output activation that belongs to it (softmax, sigmoid, none), so that both are computed together, from logits,
/// and stay finite for any finite input. Values are summed in double precision, in an order that does not depend on the number of threads.
/// </para>
/// <para>For a row with the outputs z and the target y, or t = 1 and t = -1 for the two classes:</para>
/// <list type="table">
/// <listheader><term>loss</term><description>formula; scores; when</description></listheader>
/// <item><term><see cref="SoftmaxCrossEntropy"/></term><description><c>log sum_j exp(z_j) - z_y</c>; probabilities; classes, the usual
/// choice</description></item>
/// <item><term><see cref="MulticlassHinge"/></term><description><c>sum_{j != y} max(0, z_j - z_y + 1)</c>; margins; a support vector
/// machine of many classes</description></item>
/// <item><term><see cref="SquaredMulticlassHinge"/></term><description>the terms of the hinge squared; margins; the same, smooth at the
/// edge</description></item>
/// <item><term><see cref="SoftmaxSquaredError"/></term><description><c>1/2 sum_j (p_j - onehot(y)_j)^2</c>; probabilities; labels that may be
/// wrong</description></item>
/// <item><term><see cref="MulticlassSquaredError"/></term><description><c>1/2 sum_j (z_j - onehot(y)_j)^2</c>; values near probabilities; the least-squares
/// classifier</description></item>
/// <item><term><see cref="SigmoidCrossEntropy"/></term><description><c>log(1 + exp(-t z))</c>; log-odds; two classes, the usual choice</description></item>
/// <item><term><see cref="SigmoidSquaredError"/></term><description><c>1/2 (p - y)^2</c>; log-odds; the first networks with
/// back-propagation</description></item>
/// <item><term><see cref="BinaryHinge"/></term><description><c>max(0, 1 - t z)</c>; margin; the support vector machine</description></item>
/// <item><term><see cref="PerceptronLoss"/></term><description><c>max(0, -t z)</c>; margin; Rosenblatt's rule</description></item>
/// <item><term><see cref="SquaredError"/></term><description><c>1/2 sum (z - y)^2</c>; values; regression, the usual choice</description></item>
/// <item><term><see cref="AbsoluteError"/></term><description><c>sum |z - y|</c>; values; the median, indifferent to outliers</description></item>
/// <item><term><see cref="HuberLoss"/></term><description>square near zero, absolute beyond; values; outliers, with a smooth middle</description></item>
/// <item><term><see cref="KullbackLeiblerDivergence"/></term><description><c>sum y log(y / softmax(z))</c>; shares; targets that are
/// distributions</description></item>
/// <item><term><see cref="CosineProximity"/></term><description><c>1 - z y / (|z| |y|)</c>; values; targets that are directions</description></item>
/// <item><term><see cref="BinaryLoss.Custom"/>, <see cref="MulticlassLoss.Custom"/>, <see cref="RegressionLoss.Custom"/></term><description>a function of
/// your own</description></item>
/// </list>
/// </remarks>
public abstract record Loss : ISettings
{
    private protected Loss()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>HuberLoss { Delta = 2 }</c>.</summary>
    public sealed override string ToString() => Text;

    /// <summary>The name of the metric that <see cref="EpochReport.ValidationMetric"/> holds, for example <c>Accuracy</c>.</summary>
    public abstract string MetricName { get; }

    /// <summary>What <see cref="ToString"/> says.</summary>
    internal virtual string Text => SettingsText.Of(this);

    /// <summary>The name of a user's function, and what is made of the outputs; null for the losses here.</summary>
    internal virtual string? CustomName => null;

    /// <summary>What the loss is for.</summary>
    internal abstract LossTask Task { get; }

    /// <summary>Whether the scores are probabilities of classes, or stand for such.</summary>
    internal virtual bool GivesProbabilities => false;

    /// <summary>Whether the scores are the softmax of the outputs.</summary>
    internal virtual bool HasSoftmax => false;

    /// <summary>Whether the score is the logarithm of the odds of the positive class.</summary>
    internal virtual bool GivesLogOdds => false;

    /// <summary>Whether a greater metric is a better one, as with the accuracy; false for errors.</summary>
    internal virtual bool HigherMetricIsBetter => false;

    /// <summary>True if the targets are values to be matched, which may be standardized; false for classes, shares and directions.</summary>
    internal virtual bool TargetsAreValues => false;

    /// <summary>True if the targets are to be standardized.</summary>
    internal virtual bool StandardizesTargets => false;

    /// <summary>Whether scores are to be kept within the targets of the training rows.</summary>
    internal virtual bool ClampsPredictions => false;

    /// <summary>The loss without what only matters to training rows: the one that a trained model carries.</summary>
    internal virtual Loss ForModel => this;

    /// <summary><see cref="ForModel"/> without what keeps it from 0 where every row is predicted right.</summary>
    internal virtual Loss ForPerfectFit => ForModel;

    /// <summary>The number of target columns for a network with this many outputs.</summary>
    internal abstract int TargetCount(int outputCount);

    /// <summary>Refuses an output count that has no meaning for the loss.</summary>
    internal abstract void CheckOutputCount(int outputCount);

    /// <summary>Refuses a row of targets that has no meaning for the loss, for example a class index beyond the last class.</summary>
    internal abstract void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row);

    /// <summary>The sum over rows of <c>weight * loss</c>; writes <c>scale * weight * d loss / d logits</c> into <paramref name="gradient"/>.</summary>
    /// <param name="logits">[rows, outputs].</param>
    /// <param name="targets">[rows, <see cref="TargetCount"/>].</param>
    /// <param name="weights">[rows].</param>
    /// <param name="scale">The factor of the gradient, for example 1 / rows for the mean.</param>
    /// <param name="gradient">[rows, outputs]; must not overlap with <paramref name="logits"/>.</param>
    internal abstract double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient);

    /// <summary>The same sum without a gradient.</summary>
    /// <param name="logits">[rows, outputs].</param>
    /// <param name="targets">[rows, <see cref="TargetCount"/>].</param>
    /// <param name="weights">[rows].</param>
    internal abstract double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights);

    /// <summary>The weighted sum over rows of which <see cref="Metric"/> makes the metric.</summary>
    /// <param name="logits">[rows, outputs].</param>
    /// <param name="targets">[rows, <see cref="TargetCount"/>].</param>
    /// <param name="weights">[rows].</param>
    /// <param name="targetUnits">[outputs]: what a difference of 1 is worth in the units in which the targets were given.</param>
    internal abstract double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits);

    /// <summary>The metric from the weighted mean of what <see cref="MetricSum"/> summed.</summary>
    internal virtual double Metric(double mean) => mean;

    /// <summary>Whether a training should start at <see cref="BestConstant"/>; false where the size of outputs means nothing. Default false.</summary>
    internal virtual bool StartsAtBestConstant => false;

    /// <summary>
    /// Writes those outputs that have the least loss, or nearly so, among outputs that are the same for every row. Default: 0.
    /// </summary>
    /// <param name="targets">[rows, <see cref="TargetCount"/>], as the network learns them.</param>
    /// <param name="weights">[rows]; their sum is greater than 0.</param>
    /// <param name="outputs">[outputs]; finite afterwards.</param>
    internal virtual void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) => outputs.Clear();

    /// <summary>Replaces the logits of one row by its scores.</summary>
    internal abstract void ToScores(Span<float> row);

    /// <summary>Replaces scores of one row or several by logits that have them. Default: they are logits.</summary>
    internal virtual void ToLogits(Span<float> scores)
    {
    }

    /// <summary>The scores of an ensemble for one row: the means of its members' scores, summed in double precision.</summary>
    /// <param name="logits">[members, outputs]; overwritten.</param>
    /// <param name="scores">[outputs].</param>
    internal virtual void AverageScores(MatrixSpan logits, Span<float> scores)
    {
        for (int i = 0; i < logits.Rows; i++)
        {
            ToScores(logits.Row(i));
        }

        for (int j = 0; j < scores.Length; j++)
        {
            double sum = 0;
            for (int i = 0; i < logits.Rows; i++)
            {
                sum += logits.Row(i)[j];
            }

            scores[j] = (float)(sum / logits.Rows);
        }
    }

    /// <summary>The logits whose scores are those of an ensemble for one row, so that loss and metric can be taken of them.</summary>
    /// <param name="logits">[members, outputs]; overwritten.</param>
    /// <param name="average">[outputs].</param>
    internal virtual void AverageLogits(MatrixSpan logits, Span<float> average) => AverageScores(logits, average);
}
