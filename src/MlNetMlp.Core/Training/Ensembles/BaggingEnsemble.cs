using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Ensemble.Bagging"/>.</summary>
internal sealed record BaggingEnsemble(int Count) : Ensemble(Count)
{
    /// <summary>The first part of the address of a sample's random numbers, beside those of the training of its network.</summary>
    private const int SampleAddress = 1 << 20;

    internal override BootstrapRows Sample(IRowSource rows, int seed, CancellationToken cancellationToken) =>
        BootstrapRows.Draw(rows, new SeededRandom(seed).At(SampleAddress), cancellationToken);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Members} bags");
}
