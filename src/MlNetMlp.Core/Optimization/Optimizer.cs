using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How gradients change the parameters: an immutable description, from which each training run makes its own worker with its own state.
/// Choose <see cref="Sgd"/>, <see cref="Momentum"/>, <see cref="Nesterov"/>, <see cref="Adagrad"/>, <see cref="RmsProp"/>,
/// <see cref="Adadelta"/>, <see cref="Adam"/>, <see cref="AdamW"/>, <see cref="NAdam"/> or <see cref="RAdam"/>; for full batches also
/// <see cref="Rprop"/>, <see cref="Quickprop"/> or <see cref="Lbfgs"/>.
/// </summary>
/// <remarks>Invalid options throw <see cref="ArgumentOutOfRangeException"/> when they are set.</remarks>
public abstract record Optimizer : ISettings
{
    private protected Optimizer()
    {
    }
}
