using System.Globalization;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Shared"/>.</summary>
internal sealed record SharedEnsemble(int Count) : Ensemble(Count)
{
    /// <summary>The number of members that the trained network keeps; null: all.</summary>
    public int? Kept { get; init; }

    internal override int SharedMembers => Members;

    internal override int? KeptSharedMembers => Kept;

    internal override Ensemble? OfNetworks => null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Members} shared members") +
        (Kept is { } kept ? string.Create(CultureInfo.InvariantCulture, $", pruned to {kept}") : "");
}
