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
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>Whether every step is made from all training rows, in the same order and without changes, so that the loss is one function.</summary>
    internal virtual bool NeedsAllRows => false;

    /// <summary>The number of rows that pass through the network at a time.</summary>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="batchSize">The size of a mini-batch that the options ask for, or null.</param>
    internal abstract int BatchSizeFor(int rows, int? batchSize);
}
