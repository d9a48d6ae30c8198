using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Snapshots"/>. Continued from another model, it begins with that one's last member.</summary>
internal sealed record SnapshotEnsemble(int Count) : Ensemble(Count)
{
    internal override void CheckEpochs(int epochs)
    {
        if (epochs < Members)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{nameof(Ensemble)}.{nameof(Snapshots)} needs an epoch for each of its {Members} cycles, but there are {epochs} epochs."));
        }
    }

    internal override NetworkTraining Member(NetworkTraining training, int number, MlpModel? previous, MlpModel? initial)
    {
        int epochs = training.Options.NumberOfEpochs / Members + (number < training.Options.NumberOfEpochs % Members ? 1 : 0);
        return training with
        {
            Options = training.Options with { NumberOfEpochs = epochs },
            Initial = previous ?? initial?.Members[^1],
            InitialMayBeBest = previous is null,
        };
    }

    internal override bool CanContinueFrom(int members) => true;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} snapshots");
}
