namespace MlNetMlp;

/// <summary>A place in a <see cref="ScoringPlan"/> where training drops units; scoring passes it by unless it is asked for chance.</summary>
/// <param name="Number">The number of the <see cref="DropoutLayer"/>: part of the address of its chance.</param>
/// <param name="KeepProbability">The probability with which a unit is kept, in (0, 1).</param>
internal sealed record UnitDropout(int Number, float KeepProbability);
