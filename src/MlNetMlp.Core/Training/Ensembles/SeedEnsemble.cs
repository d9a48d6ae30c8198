using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Seeds"/>.</summary>
internal sealed record SeedEnsemble(int Count) : Ensemble(Count)
{
    internal override NetworkTraining Member(NetworkTraining training, int number, MlpModel? previous, MlpModel? initial) =>
        training with { Initial = initial?.Members[number] };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} seeds");
}
