namespace MlNetMlp;

/// <summary>What an update rule is told about one optimizer step.</summary>
/// <param name="Rate">The learning rate of this step.</param>
/// <param name="RateMultiplier">
/// <see cref="Rate"/> divided by the schedule's <see cref="Schedule.BaseRate"/>: the shape of the schedule without its size.
/// </param>
/// <param name="Step">The number of the step since the training began, from 1; a resumed run counts on.</param>
/// <param name="Decays">Whether decoupled weight decay applies to the parameters of this call.</param>
internal readonly record struct StepContext(float Rate, float RateMultiplier, long Step, bool Decays = false);
