using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Weights of mean 0 and variance <c>Gain / (fanIn + FanOutShare * fanOut)</c>, normal or uniform: He, Glorot and LeCun are its settings.
/// </summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Gain">2 or 1.</param>
/// <param name="FanOutShare">1 where the fan-out counts, else 0.</param>
/// <param name="IsUniform">Uniform instead of normal.</param>
internal sealed record VarianceScaling(string Name, int Gain, int FanOutShare, bool IsUniform) : Initializer
{
    private protected override void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random)
    {
        double variance = Gain / (fanIn + ((double)FanOutShare * fanOut));
        if (IsUniform)
        {
            float limit = (float)Math.Sqrt(3 * variance);
            random.FillUniform(weights, -limit, limit);
        }
        else
        {
            random.FillNormal(weights, 0, (float)Math.Sqrt(variance));
        }
    }

    public override string ToString() => Name;
}
