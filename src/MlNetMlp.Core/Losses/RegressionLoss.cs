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
