namespace MlNetMlp.Diagnostics;

/// <summary>A rate and what it brought: see <see cref="LearningRateCurve"/>.</summary>
public sealed record LearningRatePoint
{
    internal LearningRatePoint()
    {
    }

    /// <summary>The rate.</summary>
    public required float Rate { get; init; }

    /// <summary>The mean loss of the mini-batch before the step with this rate.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean of the losses around, weighted by how near they are: what the suggestion goes by.</summary>
    public required double SmoothedLoss { get; init; }

    /// <summary>For example <c>rate 0.001: loss 0.4812, smoothed 0.4902</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"rate {Rate:G4}: loss {Loss:G5}, smoothed {SmoothedLoss:G5}");
}
