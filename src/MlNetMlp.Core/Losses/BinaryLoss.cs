using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A loss for two classes: one output z per row, positive for the positive class.</summary>
/// <remarks>
/// Targets: one column, 0 or 1. The score is z. Metric: the accuracy at the threshold z = 0, an output of exactly zero counting as the
/// negative class.
/// </remarks>
public abstract record BinaryLoss : ClassificationLoss
{
    private protected BinaryLoss()
    {
    }

    /// <summary>A loss of your own for two classes.</summary>
    /// <param name="name">What stands for the function in texts and saved models, and tells it from others.</param>
    /// <param name="function">The loss of one row, of one output and the target 0 or 1, and its derivative.</param>
    /// <param name="givesLogOdds">
    /// Whether the output is the logarithm of the odds of the positive class, so that there are probabilities. Default false: only its sign means something.
    /// </param>
    /// <remarks>
    /// A saved model has the name and what the output means, which is all that scoring needs. Only a training that goes on with it needs the function again.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <example>
    /// The exponential loss of boosting, of t = 1 or -1:
    /// <code>
    /// BinaryLoss exponential = BinaryLoss.Custom("exponential", (outputs, targets, gradient) =>
    /// {
    ///     double t = 2 * targets[0] - 1, loss = Math.Exp(-t * outputs[0]);
    ///     gradient[0] = (float)(-t * loss);
    ///     return loss;
    /// });
    /// </code>
    /// </example>
    public static BinaryLoss Custom(string name, LossFunction function, bool givesLogOdds = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomBinaryLoss(name, Require.NotNull(function, nameof(function)), givesLogOdds);
    }

    /// <inheritdoc/>
    public sealed override string MetricName => "Accuracy";

    internal sealed override LossTask Task => LossTask.Binary;

    internal sealed override int ClassCount(int outputCount) => 2;

    /// <summary>1 for the positive class; a target between, where one is allowed, counts as the class that is nearer.</summary>
    internal sealed override int ClassOf(float target) => target > 0.5f ? 1 : 0;

    internal sealed override int TargetCount(int outputCount) => 1;

    internal sealed override void CheckOutputCount(int outputCount)
    {
        if (outputCount != 1)
        {
            throw new ArgumentException($"{this} needs exactly 1 output, but the network has {outputCount}.");
        }
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        if (targets[0] is not (0 or 1))
        {
            throw new ArgumentException(FormattableString.Invariant($"Row {row} (from 0): the target is {targets[0]}; {this} allows 0 and 1."));
        }
    }

    internal override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * RowLoss(logits.Values[i], targets.Values[i]);
        }

        return sum;
    }

    internal sealed override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double correct = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            correct += logits.Values[i] > 0 == targets.Values[i] > 0.5f ? weights[i] : 0;
        }

        return correct;
    }

    internal sealed override void ToScores(Span<float> row)
    {
    }

    /// <summary>The margin of 1 on the side of the class that has more weight.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
        outputs[0] = WeightedMean.Of(targets, weights)[0] > 0.5 ? 1 : -1;

    /// <summary>The loss of one row with the output <paramref name="z"/> and the target <paramref name="y"/>.</summary>
    private protected abstract double RowLoss(double z, double y);
}
