using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Initializer.Gaussian"/>.</summary>
internal sealed record GaussianInitializer(float StandardDeviation) : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random) =>
        random.FillNormal(weights, 0, StandardDeviation);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Gaussian({StandardDeviation})");
}
