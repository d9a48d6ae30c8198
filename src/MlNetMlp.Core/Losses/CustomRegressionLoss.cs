using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="RegressionLoss.Custom"/>. The name stands for the function.</summary>
internal sealed record CustomRegressionLoss(string Name, LossFunction? Function, bool StandardizeTargets) : RegressionLoss
{
    /// <inheritdoc/>
    public override string MetricName => "RootMeanSquaredError";

    internal override string Text => $"{nameof(Custom)} '{Name}'";

    internal override string CustomName => Name;

    internal override bool TargetsAreValues => true;

    internal override bool StandardizesTargets => StandardizeTargets;

    internal override Loss ForModel => StandardizeTargets ? this with { StandardizeTargets = false } : this;

    internal override Loss ForPerfectFit => this;

    public bool Equals(CustomRegressionLoss? other) => base.Equals(other) && other.Name == Name && other.StandardizeTargets == StandardizeTargets;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, StandardizeTargets);

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        new CustomLoss(Name, Function).Gradient(logits, targets, weights, scale, gradient);

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        var loss = new CustomLoss(Name, Function);
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * loss.Of(logits.Row(i), targets.Row(i));
        }

        return sum;
    }

    internal override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits) =>
        DifferenceSum.OfSquares(logits, targets, weights, targetUnits);

    internal override double Metric(double mean) => Math.Sqrt(mean);
}
