using System.Globalization;

namespace MlNetMlp;

/// <summary>What callbacks have decided so far, of one network: a part of its checkpoint.</summary>
/// <param name="RateFactor">The product of all factors of the rate.</param>
/// <param name="IsStopped">Whether the last decision was to stop.</param>
/// <param name="Kept">The epochs whose models were kept, ascending.</param>
internal sealed record CallbackState(float RateFactor, bool IsStopped, IReadOnlyList<int> Kept)
{
    /// <summary>Nothing was decided.</summary>
    public static CallbackState None { get; } = new(1, false, []);

    /// <summary>Whether nothing was decided.</summary>
    public bool IsNone => RateFactor == 1 && !IsStopped && Kept.Count == 0;

    /// <summary>The state after another decision.</summary>
    /// <param name="decision">What the callback returned.</param>
    /// <param name="epoch">The number of the epoch.</param>
    /// <param name="optimizer">What the rate is for.</param>
    /// <exception cref="InvalidOperationException">It returned nothing, or a rate that there is not.</exception>
    public CallbackState After(EpochDecision? decision, int epoch, Optimizer optimizer)
    {
        if (decision is null)
        {
            throw Refused(epoch, $"null; {nameof(EpochDecision)}.{nameof(EpochDecision.Continue)} lets the training go on");
        }

        float factor = RateFactor * decision.LearningRateFactor;
        if (decision.LearningRateFactor != 1 && optimizer.NeedsAllRows)
        {
            throw Refused(epoch, $"{decision}; with {optimizer.GetType().Name}, which finds its steps without a rate, the factor must be 1");
        }

        return factor > 0 && float.IsFinite(factor)
            ? new(factor, decision.StopsTraining, decision.KeepsModel ? [.. Kept, epoch] : Kept)
            : throw Refused(epoch, string.Create(CultureInfo.InvariantCulture, $"{decision}; with the factors before, the rate is multiplied by {factor}"));
    }

    private static InvalidOperationException Refused(int epoch, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{nameof(TrainingTask.AfterEpoch)} returned after epoch {epoch} {what}."));
}
