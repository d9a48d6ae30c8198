namespace MlNetMlp;

/// <summary>A loss that compares the K outputs of a row with K targets.</summary>
/// <remarks>Targets: K columns of finite numbers.</remarks>
public abstract record RegressionLoss : Loss
{
    private protected RegressionLoss()
    {
    }

    internal override bool TargetsAreValues => true;

    internal sealed override int TargetCount(int outputCount) => outputCount;

    internal override void CheckOutputCount(int outputCount)
    {
    }

    internal override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        for (int k = 0; k < targets.Length; k++)
        {
            if (!float.IsFinite(targets[k]))
            {
                throw new ArgumentException(FormattableString.Invariant($"Row {row}: target {k} is {targets[k]}; {this} allows finite numbers."));
            }
        }
    }

    internal override void ToScores(Span<float> row)
    {
    }
}
