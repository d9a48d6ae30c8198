using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the members of a shared ensemble multiply the inputs by at first: a normal number for every member and feature.</summary>
/// <param name="Features">
/// [inputs]: the feature, from 0, that each input is a part of, for features that are encoded by several inputs, which get one number together; null: each
/// input is a feature.
/// </param>
internal sealed record MemberScaleInitializer(int[]? Features) : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random)
    {
        if (Features is null)
        {
            random.FillNormal(weights, 0, 1);
            return;
        }

        // One row of the matrix is one member.
        float[] drawn = new float[Features.Max() + 1];
        for (int member = 0; member < fanIn; member++)
        {
            random.At(member).FillNormal(drawn, 0, 1);
            for (int j = 0; j < fanOut; j++)
            {
                weights[member * fanOut + j] = drawn[Features[j]];
            }
        }
    }

    public override string ToString() => "MemberScales";
}
