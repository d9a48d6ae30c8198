using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Uniform in <c>[-limit, limit)</c>, whatever the size of the layer.</summary>
internal sealed record UniformInitializer(float Limit) : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random) =>
        random.FillUniform(weights, -Limit, Limit);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Uniform({Limit})");
}
