namespace MlNetMlp;

/// <summary>An <see cref="Optimizer"/> at work in one training run: it owns the state and nothing else.</summary>
/// <remarks>One optimizer step is one <see cref="Begin"/>, then <see cref="Step"/> for every range of the parameter vector.</remarks>
internal interface IOptimizerRule
{
    /// <summary>
    /// Everything that a checkpoint has to save. Writing the values back into a new rule, and counting
    /// <see cref="StepContext.Step"/> on, continues the run bit for bit.
    /// </summary>
    IReadOnlyList<OptimizerState> State { get; }

    /// <summary>Begins a step: computes once what is the same for all parameters.</summary>
    void Begin(in StepContext context);

    /// <summary>
    /// Makes the step that was begun on one range of the parameter vector. The vector may be cut into any ranges, in any order, on
    /// any threads: the bits are the same, because an element's update depends on that element alone.
    /// </summary>
    /// <param name="parameters">The range's parameters, updated in place.</param>
    /// <param name="gradients">The range's gradients, as long as <paramref name="parameters"/>.</param>
    /// <param name="offset">Where the range begins in the parameter vector, and so in the state.</param>
    /// <param name="group">What is special about the range.</param>
    void Step(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, ParameterGroup group);
}
