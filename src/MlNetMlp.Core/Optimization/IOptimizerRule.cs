namespace MlNetMlp;

/// <summary>An <see cref="Optimizer"/> at work in one training run: it owns the state and nothing else.</summary>
internal interface IOptimizerRule
{
    /// <summary>
    /// Everything that a checkpoint has to save. Writing the values back into a new rule, and counting
    /// <see cref="StepContext.Step"/> on, continues the run bit for bit.
    /// </summary>
    IReadOnlyList<OptimizerState> State { get; }

    /// <summary>
    /// Makes one step on a range of the parameter vector. A step of the whole vector may be cut into any ranges, in any order, on
    /// any threads: the bits are the same, because an element's update depends on that element alone.
    /// </summary>
    /// <param name="parameters">The range's parameters, updated in place.</param>
    /// <param name="gradients">The range's gradients, as long as <paramref name="parameters"/>.</param>
    /// <param name="offset">Where the range begins in the parameter vector, and so in the state.</param>
    /// <param name="context">The same for all ranges of one step, but for <see cref="StepContext.Decays"/>.</param>
    void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, in StepContext context);
}
