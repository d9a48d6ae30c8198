using System.Buffers;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="RegressionLoss.Custom"/>. The name stands for the function.</summary>
internal sealed record CustomRegressionLoss(string Name, LossFunction? Function, bool StandardizeTargets, OutputFunction Output) : RegressionLoss
{
    /// <summary>The greatest output whose exponential is finite, but for a little.</summary>
    public const float LargestExponent = 88.7f;

    /// <inheritdoc/>
    public override string MetricName => "RootMeanSquaredError";

    internal override string Text => $"{nameof(Custom)} '{Name}'" + Suffix;

    internal override string CustomName => Name + Suffix;

    /// <remarks>Of outputs as they are, whose units may be changed.</remarks>
    internal override bool TargetsAreValues => !IsExponential;

    internal override bool StartsAtBestConstant => IsExponential;

    internal override bool StandardizesTargets => StandardizeTargets;

    internal override Loss ForModel => StandardizeTargets ? this with { StandardizeTargets = false } : this;

    internal override Loss ForPerfectFit => this;

    private string Suffix => IsExponential ? " of exponential outputs" : "";

    private bool IsExponential => Output == OutputFunction.Exponential;

    public bool Equals(CustomRegressionLoss? other) =>
        base.Equals(other) && other.Name == Name && other.StandardizeTargets == StandardizeTargets && other.Output == Output;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, StandardizeTargets, Output);

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
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        if (!IsExponential)
        {
            return DifferenceSum.OfSquares(logits, targets, weights, targetUnits);
        }

        float[] rented = ArrayPool<float>.Shared.Rent(logits.Values.Length);
        Span<float> scores = rented.AsSpan(0, logits.Values.Length);
        logits.Values.CopyTo(scores);
        ToScores(scores);
        double sum = DifferenceSum.OfSquares(new ReadOnlyMatrixSpan(scores, logits.Rows, logits.Columns), targets, weights, targetUnits);
        ArrayPool<float>.Shared.Return(rented);
        return sum;
    }

    internal override double Metric(double mean) => Math.Sqrt(mean);

    /// <summary>The outputs whose scores are the mean targets.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] means = WeightedMean.Of(targets, weights);
        for (int k = 0; k < outputs.Length; k++)
        {
            outputs[k] = IsExponential && means[k] > 0 ? (float)Math.Log(means[k]) : 0;
        }
    }

    internal override void ToScores(Span<float> row)
    {
        if (IsExponential)
        {
            TensorPrimitives.Min(row, LargestExponent, row);
            VectorMath.Exp(row, row);
        }
    }

    internal override void ToLogits(Span<float> scores)
    {
        if (IsExponential)
        {
            RowOps.LogInPlace(scores);
        }
    }

    internal override void AverageLogits(MatrixSpan logits, Span<float> average)
    {
        AverageScores(logits, average);
        ToLogits(average);
    }
}
