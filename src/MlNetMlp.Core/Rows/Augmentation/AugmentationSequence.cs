using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Augmentation.Sequence"/>.</summary>
internal sealed record AugmentationSequence : Augmentation
{
    private readonly Augmentation[] _parts;

    /// <param name="parts">At least two, none of them a sequence.</param>
    public AugmentationSequence(Augmentation[] parts) => _parts = parts;

    internal override IReadOnlyList<Augmentation> Parts => _parts;

    internal override void CheckFeatureCount(int featureCount)
    {
        foreach (Augmentation part in _parts)
        {
            part.CheckFeatureCount(featureCount);
        }
    }

    // An array is compared by reference, so the record's own comparison would not be one of values.
    public bool Equals(AugmentationSequence? other) => other is not null && _parts.AsSpan().SequenceEqual(other._parts);

    public override int GetHashCode() => _parts.Aggregate(_parts.Length, HashCode.Combine);

    public override string ToString() => string.Join(", then ", (IEnumerable<Augmentation>)_parts);

    internal override IRowAugmenter CreateAugmenter(int number, ThreadTeam team) =>
        new Augmenter([.. _parts.Select((part, i) => part.CreateAugmenter(number + i, team))]);

    private sealed class Augmenter(IRowAugmenter[] parts) : IRowAugmenter
    {
        public void Apply(MatrixSpan rows, ReadOnlySpan<SeededRandom> random)
        {
            foreach (IRowAugmenter part in parts)
            {
                part.Apply(rows, random);
            }
        }
    }
}
