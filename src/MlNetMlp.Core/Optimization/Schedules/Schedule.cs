using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// The learning rate as a pure function of the progress of the training. A number is a constant schedule, so
/// <c>LearningRate = 0.01f</c> works; <c>Schedule.Warmup(epochs: 3).Then(Schedule.Cosine(from: 1e-3f))</c> composes two.
/// </summary>
/// <remarks>The rate changes with every mini-batch: progress is counted in fractions of epochs, from 0.</remarks>
public abstract record Schedule
{
    private protected Schedule()
    {
    }

    /// <summary>The rate that the multiplier of a step refers to: the rate at progress 0 of the main part, after any warm-up.</summary>
    internal abstract float BaseRate { get; }

    /// <summary>The rate at a moment of the training.</summary>
    /// <param name="epoch">Epochs done, with the fraction of the current one: 0 before the first mini-batch.</param>
    /// <param name="epochs">Epochs planned.</param>
    internal abstract float RateAt(double epoch, double epochs);

    /// <summary>The same rate all the time.</summary>
    /// <param name="rate">Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not a finite number greater than 0.</exception>
    public static Schedule Constant(float rate) => new ConstantSchedule(Require.Positive(rate, nameof(rate)));

    /// <summary>A rate that falls in steps: <c>from * factor^floor(epoch / every)</c>. By default it is halved.</summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="every">Epochs between two steps, at least 1.</param>
    /// <param name="factor">In (0, 1]. Default 0.5.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static Schedule Step(float from, int every, float factor = 0.5f) => new StepSchedule(
        Require.Positive(from, nameof(from)), Require.AtLeast(every, 1, nameof(every)), Require.InRangeAbove(factor, 0, 1, nameof(factor)));

    /// <summary>
    /// A rate that falls along half a cosine wave, slowly at both ends: <c>to + (from - to) (1 + cos(pi epoch / epochs)) / 2</c>.
    /// </summary>
    /// <param name="from">The first rate, greater than 0.</param>
    /// <param name="to">The rate at the end, in [0, from]. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>Ilya Loshchilov and Frank Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without restarts.</remarks>
    public static Schedule Cosine(float from, float to = 0) => new CosineSchedule(
        Require.Positive(from, nameof(from)), Require.InRange(to, 0, from, nameof(to)));

    /// <summary>
    /// A rate that grows linearly to the first rate of another schedule, which then takes over:
    /// <c>Schedule.Warmup(3).Then(Schedule.Cosine(0.1f))</c>.
    /// </summary>
    /// <param name="epochs">Greater than 0; fractions are allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epochs"/> is not a finite number greater than 0.</exception>
    /// <remarks>Priya Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017.</remarks>
    public static Warmup Warmup(double epochs) => new(Require.Positive(epochs, nameof(epochs)));

    /// <summary>A number is a constant schedule.</summary>
    /// <param name="rate">Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not a finite number greater than 0.</exception>
    public static implicit operator Schedule(float rate) => Constant(rate);
}
