using System.Numerics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// An optimizer that makes one step for every mini-batch, from the gradient of that mini-batch: all but <see cref="Lbfgs"/>.
/// </summary>
/// <remarks>
/// In the formulas <c>g</c> is the mean gradient of the mini-batch, <c>w</c> a parameter, <c>eta</c> the learning rate and <c>t</c>
/// the number of the step, from 1. The rate comes from a <see cref="Schedule"/>; clipping and penalties change <c>g</c> before the
/// rule sees it.
/// </remarks>
public abstract record MiniBatchOptimizer : Optimizer
{
    private protected MiniBatchOptimizer()
    {
    }

    /// <summary>
    /// <c>lambda</c>, the share of a weight that decays in a step, beside what the rule does to it: <c>w -= s lambda w</c>, where <c>s</c> is the
    /// learning rate's schedule divided by its base rate (1 with a constant rate). A number or a schedule of its own, its base rate in [0, 1). Default 0;
    /// of <see cref="AdamW"/> 1e-5, which is PyTorch's 0.01 at its rate 0.001. Biases and normalization gains do not decay.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Decoupled: it does not pass through the rule's averages, as the gradient of an L2 penalty does. The decay follows the shape of the rate's
    /// schedule but not its size: with another <c>eta</c> and the same <c>lambda</c> the weights decay as before. PyTorch and Keras multiply the decay by
    /// the rate; their <c>weight_decay</c> at rate <c>eta</c> is <c>WeightDecay = eta * weight_decay</c> here.
    /// </para>
    /// <para>
    /// Every step takes its share, so longer training runs with smaller batches want a smaller value (the paper's section on normalized decay:
    /// proportional to <c>sqrt(batch size / (rows * epochs))</c>). Ilya Loshchilov and Frank Hutter, "Decoupled Weight Decay Regularization", 2019.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The base rate of the schedule is outside [0, 1).</exception>
    public Schedule WeightDecay
    {
        get;
        init
        {
            Require.InRangeBelow(Require.NotNull(value, nameof(WeightDecay)).BaseRate, 0, 1, nameof(WeightDecay));
            field = value;
        }
    } = 0;

    /// <inheritdoc/>
    /// <remarks>
    /// Without a size that was asked for: a power of two near a hundredth of the rows, from 8 to 64, so that small sets get enough steps and
    /// large ones few.
    /// </remarks>
    internal sealed override int BatchSizeFor(int rows, int? batchSize)
    {
        const int Smallest = 8, Largest = 64, Batches = 100;
        return Math.Min(rows, batchSize ?? Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)(rows / Batches)), Smallest, Largest));
    }

    /// <summary>
    /// Corrects the memory of shards that have made steps on their own, where its mean over them is not what steps of all of them together would have left.
    /// </summary>
    /// <param name="steps">Their steps.</param>
    /// <param name="length">The number of parameters.</param>
    /// <param name="before">What they remembered before these steps, one vector of <see cref="IOptimizerRule.State"/> after the other.</param>
    /// <param name="after">The mean of what they remember now; receives the corrected one.</param>
    /// <returns>The <see cref="StepContext.SquareShare"/> of the steps that come.</returns>
    internal virtual float Merge(in LocalSteps steps, int length, ReadOnlySpan<float> before, Span<float> after) => 1;

    /// <summary>The matrices whose steps are equally long however noisy their gradients are, so that the mean of several shards' steps is too short.</summary>
    internal virtual Parameter[] EquallyLong(ParameterVector parameters) => [];

    /// <summary>The update rule of one training run, its state zero, for <paramref name="parameterCount"/> parameters.</summary>
    internal abstract IOptimizerRule CreateRule(int parameterCount);

    /// <summary>The update rule of a training run; one that looks at whole matrices is made for the parameters that it steps.</summary>
    /// <param name="parameters">What is stepped.</param>
    /// <param name="team">The threads that share what a step computes at once.</param>
    internal virtual IOptimizerRule CreateRule(ParameterVector parameters, ThreadTeam team) => CreateRule(parameters.Layout.TrainableLength);
}
