using System.Buffers;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Sums of a user's function over rows.</summary>
/// <param name="name">Its name.</param>
/// <param name="function">The function; null where a saved model has only its name.</param>
internal readonly struct CustomLoss(string name, LossFunction? function)
{
    private const int LargestOnStack = 256;

    /// <inheritdoc cref="Loss.Gradient"/>
    public double Gradient(ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient)
    {
        LossFunction loss = Function;
        double sum = 0;
        for (int i = 0; i < logits.Rows; i++)
        {
            Span<float> g = gradient.Row(i);
            sum += weights[i] * loss(logits.Row(i), targets.Row(i), g);
            foreach (ref float slope in g)
            {
                slope *= scale * weights[i];
            }
        }

        return sum;
    }

    /// <summary>The loss of one row, whose gradient nobody wants.</summary>
    public double Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets)
    {
        if (logits.Length <= LargestOnStack)
        {
            return Function(logits, targets, stackalloc float[logits.Length]);
        }

        float[] unused = ArrayPool<float>.Shared.Rent(logits.Length);
        double loss = Function(logits, targets, unused.AsSpan(0, logits.Length));
        ArrayPool<float>.Shared.Return(unused);
        return loss;
    }

    private LossFunction Function => function ?? throw new InvalidOperationException(
        $"A saved model has only the name '{name}' of its loss, which is enough to score rows. To compute the loss or to learn more, give the loss itself, " +
        $"{nameof(RegressionLoss.Custom)}(\"{name}\", ...).");
}
