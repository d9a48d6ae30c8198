using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How gradients change the parameters: an immutable description, from which each training run makes its own worker with its own state.
/// Choose <see cref="Sgd"/>, <see cref="Momentum"/>, <see cref="Nesterov"/>, <see cref="Adagrad"/>, <see cref="RmsProp"/>,
/// <see cref="Adadelta"/>, <see cref="Adam"/>, <see cref="AdamW"/>, <see cref="NAdam"/>, <see cref="RAdam"/> or <see cref="Muon"/>; for full batches also
/// <see cref="Rprop"/>, <see cref="Quickprop"/> or <see cref="Lbfgs"/>.
/// </summary>
/// <remarks>
/// <para>Invalid options throw <see cref="ArgumentOutOfRangeException"/> when they are set. With g the gradient, w a parameter, eta the rate:</para>
/// <list type="table">
/// <listheader><term>optimizer</term><description>what it adds to the one before</description></listheader>
/// <item><term><see cref="Sgd"/></term><description><c>w -= eta g</c>: nothing to remember; crawls along narrow valleys</description></item>
/// <item><term><see cref="Momentum"/></term><description><c>v = gamma v - eta g; w += v</c>: speed where gradients agree</description></item>
/// <item><term><see cref="Nesterov"/></term><description>the gradient where the velocity is about to lead: brakes in time</description></item>
/// <item><term><see cref="Adagrad"/></term><description>a rate for each parameter, by the sum of its squared gradients; rates only fall</description></item>
/// <item><term><see cref="RmsProp"/></term><description>the same with an average that forgets</description></item>
/// <item><term><see cref="Adadelta"/></term><description>steps in units of the steps before, so that hardly any rate is needed</description></item>
/// <item><term><see cref="Adam"/></term><description>averages of gradients and of their squares, with their starts corrected</description></item>
/// <item><term><see cref="AdamW"/></term><description>Adam with weight decay of its own; the default of plain networks</description></item>
/// <item><term><see cref="NAdam"/>, <see cref="RAdam"/></term><description>Adam with Nesterov's look ahead; Adam that waits until its
/// averages can be trusted</description></item>
/// <item><term><see cref="Muon"/></term><description>momentum whose steps are orthogonal matrices, with AdamW for all that is no matrix: good networks in
/// few epochs</description></item>
/// <item><term><see cref="Custom"/></term><description>a rule of your own for each parameter</description></item>
/// <item><term><see cref="Rprop"/></term><description>full batches: the sign of a gradient alone, and a step of its own for each weight</description></item>
/// <item><term><see cref="Quickprop"/></term><description>full batches: a parabola through the last two slopes of each weight</description></item>
/// <item><term><see cref="Lbfgs"/></term><description>full batches: curvature from the last steps and a line search; for small sets and
/// convex problems</description></item>
/// </list>
/// </remarks>
public abstract record Optimizer : ISettings
{
    private protected Optimizer()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>Adam { Beta1 = 0.8 }</c>.</summary>
    public sealed override string ToString() => Text;

    /// <summary>What <see cref="ToString"/> says.</summary>
    internal virtual string Text => SettingsText.Of(this);

    /// <summary>
    /// An optimizer of your own, by a function of one parameter and its gradient. Clipping, penalties, the schedule of the rate and, with
    /// <see cref="MiniBatchOptimizer.WeightDecay"/>, decay come with it.
    /// </summary>
    /// <param name="name">What stands for the function in texts and checkpoints, and tells it from others.</param>
    /// <param name="stateCount">How many numbers the function remembers of each parameter, from 0 to 8; a checkpoint has them.</param>
    /// <param name="function">The step of one parameter.</param>
    /// <remarks>
    /// It is called for every parameter in every step, which costs more than a built-in rule, and counts in networks of very many parameters. An L1 penalty
    /// is a part of the gradient that the function sees, and a parameter that would cross 0 stops there.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="stateCount"/> is outside 0 to 8.</exception>
    /// <example>
    /// Lion (Chen and others, Symbolic Discovery of Optimization Algorithms, 2023):
    /// <code>
    /// Optimizer lion = Optimizer.Custom("lion", stateCount: 1, (parameter, gradient, state, rate, step) =>
    /// {
    ///     float direction = 0.9f * state[0] + 0.1f * gradient;
    ///     state[0] = 0.99f * state[0] + 0.01f * gradient;
    ///     return parameter - rate * Math.Sign(direction);
    /// }) with { WeightDecay = 1e-5f };
    /// var options = new MlpRegressionTrainer.Options { Optimizer = lion, LearningRate = Schedule.Cosine(1e-4f) };
    /// </code>
    /// </example>
    public static MiniBatchOptimizer Custom(string name, int stateCount, OptimizerFunction function)
    {
        const int MostStates = 8;
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomOptimizer(name, Require.InRange(stateCount, 0, MostStates, nameof(stateCount)), Require.NotNull(function, nameof(function)));
    }

    /// <summary>Whether every step is made from all training rows, in the same order and without changes, so that the loss is one function.</summary>
    internal virtual bool NeedsAllRows => false;

    /// <summary>The number of rows that pass through the network at a time.</summary>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="batchSize">The size of a mini-batch that the options ask for, or null.</param>
    internal abstract int BatchSizeFor(int rows, int? batchSize);
}
