using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Bagging(int)"/> and <see cref="Ensemble.Bagging(int, bool)"/>.</summary>
internal sealed record BaggingEnsemble(int Count, bool ValidatesOutOfBag) : Ensemble(Count)
{
    /// <summary>The first part of the address of a sample's random numbers, beside those of the training of its network.</summary>
    private const int SampleAddress = 1 << 20;

    internal override bool HoldsOut => ValidatesOutOfBag;

    internal override bool KeepsGroups => ValidatesOutOfBag;

    internal override Ensemble WithoutHeldOut => this with { ValidatesOutOfBag = false };

    internal override MemberRows RowsOf(
        IRowSource rows, Loss loss, IReadOnlyList<long>? groups, int seed, int number, CancellationToken cancellationToken)
    {
        SeededRandom random = new SeededRandom(SeedOf(seed, number)).At(SampleAddress);
        var sample = BootstrapRows.Draw(rows, random, ValidatesOutOfBag, ValidatesOutOfBag ? groups : null, cancellationToken);
        return new(sample, sample.TotalWeight) { HeldOut = ValidatesOutOfBag ? sample.LeftOut : null, HeldOutWeight = sample.LeftOutWeight };
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Members} bags") + (ValidatesOutOfBag ? ", validated out of bag" : "");
}
