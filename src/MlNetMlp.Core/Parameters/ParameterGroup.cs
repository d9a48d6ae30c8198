namespace MlNetMlp;

/// <summary>What holds for some parameters in every step.</summary>
/// <param name="Decays">Whether weight decay, L1 and L2 apply: see <see cref="Parameter.Decays"/>.</param>
/// <param name="RateFactor">What their learning rate is multiplied by: see <see cref="Parameter.RateFactor"/>.</param>
/// <param name="DecayFactor">What their weight decay is multiplied by: see <see cref="Parameter.DecayFactor"/>.</param>
/// <param name="IsBias">Whether they are added to the sums of units: see <see cref="Parameter.IsBias"/>.</param>
internal readonly record struct ParameterGroup(bool Decays, float RateFactor = 1, float DecayFactor = 1, bool IsBias = false);
