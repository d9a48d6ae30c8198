namespace MlNetMlp;

/// <summary>
/// How the gradient of a mini-batch changes the parameters: an immutable description, from which each training run makes its own
/// rule with its own state. Choose <see cref="Sgd"/>, <see cref="Momentum"/>, <see cref="Nesterov"/>, <see cref="Adagrad"/>,
/// <see cref="RmsProp"/>, <see cref="Adadelta"/>, <see cref="Adam"/>, <see cref="AdamW"/>, <see cref="NAdam"/> or <see cref="RAdam"/>;
/// for full batches also <see cref="Rprop"/>.
/// </summary>
/// <remarks>
/// In the formulas <c>g</c> is the mean gradient of the mini-batch, <c>w</c> a parameter, <c>eta</c> the learning rate and <c>t</c>
/// the number of the step, from 1. The rate comes from a <see cref="Schedule"/>; clipping and penalties change <c>g</c> before the
/// rule sees it. Invalid options throw <see cref="ArgumentOutOfRangeException"/> when they are set.
/// </remarks>
public abstract record Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The update rule of one training run, its state zero, for <paramref name="parameterCount"/> parameters.</summary>
    internal abstract IOptimizerRule CreateRule(int parameterCount);
}
