using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A loss that compares the K outputs of a row with K targets.</summary>
/// <remarks>Targets: K columns of finite numbers, of absolute value at most 1.7e38, so that the difference of any two is finite.</remarks>
public abstract record RegressionLoss : Loss
{
    /// <summary>The greatest size of a target.</summary>
    internal const float LargestTarget = float.MaxValue / 2;

    private protected RegressionLoss()
    {
    }

    /// <summary>
    /// A loss of your own for values. The scores are the outputs, or what <paramref name="output"/> makes of them; the metric is the root of the mean squared
    /// error of the scores.
    /// </summary>
    /// <param name="name">What stands for the function in texts and saved models, and tells it from others.</param>
    /// <param name="function">The loss of one row, of K outputs and K targets, and its gradient.</param>
    /// <param name="standardizeTargets">
    /// Whether the function sees targets of mean 0 and variance 1 instead of those that were given; scores are in the units that were given in any case.
    /// Networks learn better so; choose it where the function goes by differences alone, however large. Default false.
    /// </param>
    /// <param name="output">
    /// What makes scores of the outputs, which <paramref name="function"/> gets as they are. Default: nothing. With
    /// <see cref="OutputFunction.Exponential"/>, for example with the loss <c>e^z - y z</c> of a Poisson distribution, a new network begins with outputs
    /// whose scores are the mean targets.
    /// </param>
    /// <remarks>A saved model has the name, which is all that scoring needs. Only a training that goes on with it needs the function again.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="name"/> is empty; or targets are to be standardized although the scores are exponentials, which have no other units.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="output"/> is not one of those named.</exception>
    /// <example>
    /// The 90 % quantile:
    /// <code>
    /// var options = new MlpRegressionTrainer.Options
    /// {
    ///     Loss = RegressionLoss.Custom("quantile 0.9", (outputs, targets, gradient) =>
    ///     {
    ///         float difference = targets[0] - outputs[0];
    ///         gradient[0] = difference > 0 ? -0.9f : 0.1f;
    ///         return difference > 0 ? 0.9 * difference : -0.1 * difference;
    ///     }, standardizeTargets: true),
    /// };
    /// </code>
    /// </example>
    public static RegressionLoss Custom(
        string name, LossFunction function, bool standardizeTargets = false, OutputFunction output = OutputFunction.Identity)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (standardizeTargets && Require.Defined(output, nameof(output)) != OutputFunction.Identity)
        {
            throw new ArgumentException(
                $"'{nameof(standardizeTargets)}' is true, but '{nameof(output)}' is {output}, whose scores have the units of the targets as they are; it " +
                "must be false.", nameof(standardizeTargets));
        }

        return new CustomRegressionLoss(name, Require.NotNull(function, nameof(function)), standardizeTargets, Require.Defined(output, nameof(output)));
    }

    internal sealed override LossTask Task => LossTask.Regression;

    internal sealed override int TargetCount(int outputCount) => outputCount;

    internal override void CheckOutputCount(int outputCount)
    {
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        for (int k = 0; k < targets.Length; k++)
        {
            if (!(Math.Abs(targets[k]) <= LargestTarget))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Row {row} (from 0): target {k} is {targets[k]}; {this} allows finite numbers up to {LargestTarget:G2} in size."));
            }
        }
    }

    internal override void ToScores(Span<float> row)
    {
    }
}
