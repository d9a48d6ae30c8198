using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Initializer.Zero"/>.</summary>
internal sealed record ZeroInitializer : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random) => weights.Clear();

    public override string ToString() => nameof(Zero);
}
