namespace MlNetMlp;

/// <summary>What an update rule is told about one optimizer step.</summary>
/// <param name="Rate">The learning rate of this step.</param>
/// <param name="RateMultiplier">
/// <see cref="Rate"/> divided by the schedule's <see cref="Schedule.BaseRateFor"/>: the shape of the schedule without its size.
/// </param>
/// <param name="Step">The number of the step since the training began, from 1; a resumed run counts on.</param>
/// <param name="L1">The strength of the L1 penalty of all layers, at least 0; see <see cref="WeightPenalty"/>.</param>
/// <param name="StepsPerEpoch">The number of steps that make an epoch, at least 1.</param>
/// <param name="Decay">The share of a weight that decays in this step, at least 0; see <see cref="MiniBatchOptimizer.WeightDecay"/>.</param>
internal readonly record struct StepContext(float Rate, float RateMultiplier, long Step, float L1 = 0, int StepsPerEpoch = 1, float Decay = 0)
{
    /// <summary>The strengths of the L1 penalties by <see cref="ParameterGroup.Penalty"/>; null: all are <see cref="L1"/>.</summary>
    public float[]? LayerL1 { get; init; }

    /// <summary>What squares of gradients count before a rule takes their mean, above 0 and at most 1. Default 1. See <see cref="LocalSteps"/>.</summary>
    public float SquareShare { get; init; } = 1;

    /// <summary>The strength of the L1 penalty of some parameters.</summary>
    public float L1Of(ParameterGroup group) => !group.Decays ? 0 : LayerL1?[group.Penalty] ?? L1;

    /// <summary>The progress of the training in the middle of this step, in epochs.</summary>
    public double Epoch => (Step - 0.5) / StepsPerEpoch;

    /// <summary>The same for the step that comes next, which computes it from its own number with the same bits.</summary>
    public double NextEpoch => (Step + 1 - 0.5) / StepsPerEpoch;
}
