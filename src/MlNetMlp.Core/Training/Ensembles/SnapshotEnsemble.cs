using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Snapshots"/>. Continued from another model, it begins with that one's last member.</summary>
internal sealed record SnapshotEnsemble(int Count) : Ensemble(Count)
{
    internal override int FewestEpochs => Members;

    internal override int EpochsOf(int number, int epochs) => epochs / Members + (number < epochs % Members ? 1 : 0);

    internal override MlpModel? InitialModelOf(int number, MlpModel? previous, MlpModel? initial) => previous ?? initial?.Networks[^1];

    internal override bool GoesOnFromPrevious(int number) => number > 0;

    internal override bool CanContinueFrom(int members) => true;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} snapshots");
}
