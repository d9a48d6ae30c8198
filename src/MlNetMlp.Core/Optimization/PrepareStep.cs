namespace MlNetMlp;

/// <summary>Computes the scalars of one step of an optimizer.</summary>
/// <param name="context">The step.</param>
/// <param name="scalars">Numbers carried from step to step, zero at first and part of the saved state; often none.</param>
internal delegate TUpdate PrepareStep<TUpdate>(in StepContext context, Span<float> scalars)
    where TUpdate : struct, IElementUpdate;
