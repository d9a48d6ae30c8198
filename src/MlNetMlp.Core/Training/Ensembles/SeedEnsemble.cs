using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Seeds"/>.</summary>
internal sealed record SeedEnsemble(int Count) : Ensemble(Count)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} seeds");
}
