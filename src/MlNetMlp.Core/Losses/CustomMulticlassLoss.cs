using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="MulticlassLoss.Custom"/>. The name stands for the function.</summary>
internal sealed record CustomMulticlassLoss(string Name, LossFunction? Function, bool IsSoftmax) : MulticlassLoss
{
    internal override string Text => $"{nameof(Custom)} '{Name}'";

    internal override string CustomName => Name;

    internal override bool GivesProbabilities => IsSoftmax;

    internal override bool HasSoftmax => IsSoftmax;

    public bool Equals(CustomMulticlassLoss? other) => base.Equals(other) && other.Name == Name && other.IsSoftmax == IsSoftmax;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, IsSoftmax);

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        new CustomLoss(Name, Function).Gradient(logits, targets, weights, scale, gradient);

    internal override void ToScores(Span<float> row)
    {
        if (IsSoftmax)
        {
            RowOps.SoftmaxInPlace(row);
        }
    }

    internal override void ToLogits(Span<float> scores)
    {
        if (IsSoftmax)
        {
            RowOps.LogInPlace(scores);
        }
    }

    internal override void AverageLogits(MatrixSpan logits, Span<float> average)
    {
        if (IsSoftmax)
        {
            RowOps.LogMeanSoftmax(logits, average);
        }
        else
        {
            base.AverageLogits(logits, average);
        }
    }

    private protected override double RowLoss(ReadOnlySpan<float> z, int y) => new CustomLoss(Name, Function).Of(z, [y]);
}
