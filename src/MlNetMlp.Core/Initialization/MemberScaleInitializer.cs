using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the members of a shared ensemble multiply the features by at first: a standard normal number for every member and feature.</summary>
internal sealed record MemberScaleInitializer : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random) => random.FillNormal(weights, 0, 1);

    public override string ToString() => "MemberScales";
}
