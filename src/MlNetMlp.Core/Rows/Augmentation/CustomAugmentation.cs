using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="Augmentation.Custom"/>.</summary>
internal sealed record CustomAugmentation(RowAugmentation Change) : Augmentation
{
    internal override void CheckFeatureCount(int featureCount)
    {
    }

    internal override IRowAugmenter CreateAugmenter(int number, ThreadTeam team) => new Augmenter(Change, number);

    /// <summary>Stays on the caller's thread: what users write need not be made for several.</summary>
    private sealed class Augmenter(RowAugmentation change, int number) : IRowAugmenter
    {
        public void Apply(MatrixSpan rows, ReadOnlySpan<SeededRandom> random)
        {
            for (int i = 0; i < rows.Rows; i++)
            {
                change(rows.Row(i), new RowRandom(random[i].At(number)));
            }
        }
    }

    /// <summary>The name alone: a function has none.</summary>
    public override string ToString() => nameof(Custom);
}
