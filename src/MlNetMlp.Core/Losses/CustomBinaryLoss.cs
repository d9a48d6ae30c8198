using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="BinaryLoss.Custom"/>. The name stands for the function.</summary>
internal sealed record CustomBinaryLoss(string Name, LossFunction? Function, bool IsLogOdds) : BinaryLoss
{
    internal override string Text => $"{nameof(Custom)} '{Name}'";

    internal override string CustomName => Name;

    internal override bool GivesProbabilities => IsLogOdds;

    internal override bool GivesLogOdds => IsLogOdds;

    public bool Equals(CustomBinaryLoss? other) => base.Equals(other) && other.Name == Name && other.IsLogOdds == IsLogOdds;

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Name, IsLogOdds);

    internal override double Gradient(
        ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets, ReadOnlySpan<float> weights, float scale, MatrixSpan gradient) =>
        new CustomLoss(Name, Function).Gradient(logits, targets, weights, scale, gradient);

    internal override void AverageScores(MatrixSpan logits, Span<float> scores)
    {
        if (IsLogOdds)
        {
            scores[0] = SigmoidCrossEntropy.MeanLogOdds(logits.Values);
        }
        else
        {
            base.AverageScores(logits, scores);
        }
    }

    private protected override double RowLoss(double z, double y) => new CustomLoss(Name, Function).Of([(float)z], [(float)y]);
}
