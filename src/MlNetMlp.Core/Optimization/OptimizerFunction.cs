namespace MlNetMlp;

/// <summary>The step of one parameter, for <see cref="Optimizer.Custom"/>.</summary>
/// <remarks>
/// A function of its arguments alone: it is called for every parameter in every step, by several threads at the same time. With a gradient of 0 and a state of
/// zeros it should return the parameter as it is.
/// </remarks>
/// <param name="parameter">The parameter, behind weight decay.</param>
/// <param name="gradient">The mean gradient of the mini-batch, behind penalties and clipping.</param>
/// <param name="state">What it remembers of this parameter, zeros at first; updated in place.</param>
/// <param name="rate">The learning rate of the step.</param>
/// <param name="step">The number of the step since the training began, from 1.</param>
/// <returns>The new parameter.</returns>
public delegate float OptimizerFunction(float parameter, float gradient, Span<float> state, float rate, long step);
