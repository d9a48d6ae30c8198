using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Shared"/>.</summary>
internal sealed record SharedEnsemble(int Count) : Ensemble(Count)
{
    internal override int SharedMembers => Members;

    internal override Ensemble? OfNetworks => null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} shared members");
}
