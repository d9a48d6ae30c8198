using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What training drops of the outputs of a part of the network; scoring passes it by unless it is asked for random passes.</summary>
/// <param name="Part">Whose outputs they are.</param>
/// <param name="KeepProbability">The probability with which a unit is kept, in (0, 1).</param>
internal sealed record UnitDropout(NetworkPart Part, float KeepProbability)
{
    /// <summary>The probability with which a unit is kept where its dropout is multiplied by a factor in [0, 1].</summary>
    public float KeptAt(float factor) => KeptAt(KeepProbability, factor);

    /// <summary>The same for any such probability.</summary>
    public static float KeptAt(float keepProbability, float factor) => factor == 1 ? keepProbability : 1 - ((1 - keepProbability) * factor);

    /// <summary>What masks are drawn from.</summary>
    /// <param name="random">The random numbers of the pass.</param>
    public SeededRandom Random(SeededRandom random) => Part.Random(random, RandomPurpose.Dropout);
}
