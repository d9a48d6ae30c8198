using System.Globalization;

namespace MlNetMlp;

/// <summary>A trained model and how it was trained.</summary>
public sealed record MlpTrainingResult
{
    internal MlpTrainingResult()
    {
    }

    /// <summary>The network with the parameters of the best epoch, or the ensemble of such networks.</summary>
    public required MlpModel Model { get; init; }

    /// <summary>One report for each completed epoch; those of the members of an <see cref="Ensemble"/> one after the other.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>
    /// The number, from 1, of the epoch that the model's parameters come from; 0 if they come from none: from the model that the training continued from, see
    /// <see cref="IsInitialModel"/>, or from a first epoch that was cancelled midway; and for an ensemble, whose members each have their
    /// own best epoch.
    /// </summary>
    public required int BestEpoch { get; init; }

    /// <summary>
    /// Why the training ended; of an ensemble, <see cref="TrainingEnd.StoppedEarly"/> if one of its members stopped early, or else
    /// <see cref="TrainingEnd.StoppedByCallback"/> if a callback stopped one.
    /// </summary>
    public required TrainingEnd End { get; init; }

    /// <summary>
    /// How each network of an ensemble was trained, in the order of <see cref="MlpModel.Members"/>; empty for a training run without
    /// <see cref="MlpTrainingOptions.Ensemble"/>, and for <see cref="Ensemble.Shared"/>, whose members are one network.
    /// </summary>
    public IReadOnlyList<MlpTrainingResult> Members { get; init; } = [];

    /// <summary>
    /// The numbers, from 1 and in ascending order, of the members that <see cref="Ensemble.PrunedTo"/> has left in the network; empty where all stay, for an
    /// ensemble of networks, whose <see cref="Members"/> each have theirs, and for a model that was loaded, whose summary names them.
    /// </summary>
    public IReadOnlyList<int> KeptMembers { get; init; } = [];

    /// <summary>
    /// The validation loss of the averaged prediction of <see cref="KeptMembers"/>, in the units of <see cref="EpochReport.ValidationLoss"/>, which is that of
    /// all members; null where there are none. Somewhat too low an estimate of the loss of new rows, because the members were chosen by these rows.
    /// </summary>
    public double? KeptMembersLoss { get; init; }

    /// <summary>
    /// The mean loss over the training rows, each scored by those members of an ensemble alone that did not learn from it; null where none is validated so,
    /// see <see cref="Ensemble.Bagging(int, bool)"/> and <see cref="Ensemble.CrossFitted"/>, and where the training was cancelled. In the units of
    /// <see cref="EpochReport.ValidationLoss"/>.
    /// </summary>
    /// <remarks>
    /// Nearly an estimate of the loss of new rows: too low, because the members' best epochs were chosen by these rows; and too high, because a row is
    /// scored by some members and new rows by all.
    /// </remarks>
    public double? HeldOutLoss { get; init; }

    /// <summary>The metric named by <see cref="TrainingHistory.MetricName"/> of the same scores; example weights count, class weights do not.</summary>
    public double? HeldOutMetric { get; init; }

    /// <summary>The number of rows in <see cref="HeldOutLoss"/>: those that at least one member did not learn from; 0 where there is no such loss.</summary>
    public int HeldOutRows { get; init; }

    /// <summary>
    /// Whether the model is the one that the training continued from, with its own parameters, because no epoch had a lower loss. Only a training run
    /// that compares epochs, by validation rows or for early stopping, can find that.
    /// </summary>
    public bool IsInitialModel { get; init; }

    /// <summary>Whether the training would have gone on: it was cancelled, or its time was over.</summary>
    internal bool IsCut => End is TrainingEnd.Cancelled or TrainingEnd.TimeExpired;

    /// <summary>How the training ended, and what is known of the model's errors, in sentences.</summary>
    internal IEnumerable<string> Sentences()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string metric = History.MetricName;
        yield return EndSentence();
        if (BestEpoch > 0)
        {
            EpochReport best = History[BestEpoch - 1];
            yield return string.Create(culture, $"That epoch has the training loss {best.TrainingLoss:G5}, training {metric} {best.TrainingMetric:G5}") +
                (best.ValidationLoss is { } loss
                    ? string.Create(culture, $", validation loss {loss:G5}, validation {metric} {best.ValidationMetric:G5}.") : ".");
        }

        for (int i = 0; i < Math.Max(1, Members.Count); i++)
        {
            if ((Members.Count == 0 ? this : Members[i]) is { KeptMembersLoss: { } keptLoss } pruned)
            {
                string network = Members.Count == 0 ? "" : string.Create(culture, $" of network {i + 1}");
                yield return $"Pruned: of the shared members{network} those with the numbers {string.Join(", ", pruned.KeptMembers)} are kept; " +
                    string.Create(culture, $"their validation loss is {keptLoss:G5}.");
            }
        }

        if (HeldOutLoss is { } heldOut)
        {
            yield return string.Create(culture, $"Scored by the networks that did not learn from them, {HeldOutRows} rows have the loss ") +
                string.Create(culture, $"{heldOut:G5}, {metric} {HeldOutMetric:G5}.");
        }
    }

    private string EndSentence()
    {
        string how = End switch
        {
            TrainingEnd.StoppedEarly => "Stopped early",
            TrainingEnd.Cancelled => "Cancelled",
            TrainingEnd.Converged => "Converged",
            TrainingEnd.StoppedByCallback => "Stopped by a callback",
            TrainingEnd.TimeExpired => "Out of time",
            _ => "Completed",
        };
        how = string.Create(CultureInfo.InvariantCulture, $"{how} after {History.Count} epochs");
        return this switch
        {
            { Members.Count: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{how}; the model is an ensemble of {Members.Count}, of the epochs ") +
                $"{string.Join(", ", Members.Select(member => member.BestEpoch))}.",
            { BestEpoch: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{how}; the model is that of epoch {BestEpoch}."),
            { IsInitialModel: true } => $"{how}; none was better than the model to continue from, so it stays as it was.",
            _ => $"{how[..how.IndexOf(" after", StringComparison.Ordinal)]} in the first epoch; the model is what was learned until then.",
        };
    }

    /// <summary>The model and how its training ended.</summary>
    public override string ToString() => FormattableString.Invariant($"{Model}, best epoch {BestEpoch} of {History.Count}, {End}");
}
