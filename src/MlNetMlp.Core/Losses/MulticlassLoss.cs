using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>A loss for C classes: one output per class; the greatest is that of the predicted class.</summary>
/// <remarks>Targets: one column, the index of the class, 0 to C - 1. Metric: the accuracy, ties won by the lowest index.</remarks>
public abstract record MulticlassLoss : ClassificationLoss
{
    private protected MulticlassLoss()
    {
    }

    /// <summary>A loss of your own for C classes.</summary>
    /// <param name="name">What stands for the function in texts and saved models, and tells it from others.</param>
    /// <param name="function">The loss of one row, of C outputs and one target, the index of the class, and its gradient.</param>
    /// <param name="givesProbabilities">Whether scores are the softmax of the outputs. Default true; else they are the outputs.</param>
    /// <remarks>
    /// A saved model has the name and what the outputs mean, which is all that scoring needs. Only a training that goes on with it needs the function again.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static MulticlassLoss Custom(string name, LossFunction function, bool givesProbabilities = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomMulticlassLoss(name, Require.NotNull(function, nameof(function)), givesProbabilities);
    }

    /// <inheritdoc/>
    public sealed override string MetricName => "Accuracy";

    internal sealed override LossTask Task => LossTask.Multiclass;

    internal sealed override int ClassCount(int outputCount) => outputCount;

    internal sealed override int ClassOf(float target) => (int)target;

    internal sealed override int TargetCount(int outputCount) => 1;

    internal sealed override void CheckOutputCount(int outputCount)
    {
        if (outputCount < 2)
        {
            throw new ArgumentException($"{this} needs at least 2 outputs, one for each class, but the network has {outputCount}.");
        }
    }

    internal sealed override void CheckTargets(ReadOnlySpan<float> targets, int outputCount, int row)
    {
        float target = targets[0];
        if (!(target >= 0 && target < outputCount && target == MathF.Truncate(target)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Row {row} (from 0): the target is {target}; {this} allows the class indices 0 to {outputCount - 1}."));
        }
    }

    internal sealed override double LossSum(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            sum += weights[i] * RowLoss(logits.Row(i), (int)targets.Values[i]);
        }

        return sum;
    }

    internal sealed override double MetricSum(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, ReadOnlySpan<float> targetUnits)
    {
        double correct = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            correct += TensorPrimitives.IndexOfMax(logits.Row(i)) == (int)targets.Values[i] ? weights[i] : 0;
        }

        return correct;
    }

    /// <summary>The margin of 1 for the class that has most weight.</summary>
    internal override void BestConstant(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, Span<float> outputs)
    {
        double[] shares = Shares(targets, weights, outputs.Length);
        outputs.Clear();
        outputs[Array.IndexOf(shares, shares.Max())] = 1;
    }

    /// <summary>The share that each class has of the weights.</summary>
    private protected static double[] Shares(ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, int classes)
    {
        double[] shares = new double[classes];
        double total = 0;
        for (int i = 0; i < targets.Rows; i++)
        {
            shares[(int)targets.Values[i]] += weights[i];
            total += weights[i];
        }

        return Array.ConvertAll(shares, share => share / total);
    }

    /// <summary>The loss of one row with the outputs <paramref name="z"/> and the class <paramref name="y"/>.</summary>
    private protected abstract double RowLoss(ReadOnlySpan<float> z, int y);
}
