namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Of"/>.</summary>
internal sealed record EnsembleOfShared(Ensemble Networks, SharedEnsemble Each)
    : Ensemble((int)Math.Min((long)Networks.Members * Each.Members, int.MaxValue))
{
    internal override int SharedMembers => Each.SharedMembers;

    internal override int? KeptSharedMembers => Each.KeptSharedMembers;

    internal override Ensemble? OfNetworks => Networks;

    internal override int FewestEpochs => Networks.FewestEpochs;

    internal override int FewestRows => Networks.FewestRows;

    internal override bool HoldsOut => Networks.HoldsOut;

    internal override bool KeepsGroups => Networks.KeepsGroups;

    internal override Ensemble WithoutHeldOut => Networks.WithoutHeldOut.Of(Each);

    public override string ToString() => $"{Networks}, each of {Each}";
}
