namespace MlNetMlp;

/// <summary>What holds for some parameters in every step.</summary>
/// <param name="Decays">Whether weight decay, L1 and L2 apply: see <see cref="Parameter.Decays"/>.</param>
/// <param name="RateFactor">What their learning rate is multiplied by, at least 0: see <see cref="RateFactors"/>.</param>
/// <param name="DecayFactor">What their weight decay is multiplied by, at least 0: see <see cref="DecayFactors"/>.</param>
/// <param name="Penalty">Whose penalties they have: 0 for those of all layers, else see <see cref="LayerPenalties"/>.</param>
internal readonly record struct ParameterGroup(bool Decays, float RateFactor = 1, float DecayFactor = 1, int Penalty = 0);
