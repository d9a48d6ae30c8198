using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Changes the rows on their way into a mini-batch, with the random numbers of their place in the epoch.</summary>
internal sealed class EpochAugmentation(Augmentation augmentation, EpochOrder order, SeededRandom random, ThreadTeam team)
{
    private readonly IRowAugmenter _augmenter = augmentation.CreateAugmenter(0, team);
    private SeededRandom[] _chance = [];

    /// <summary>Changes features in place.</summary>
    /// <param name="features">[rows, features], as given.</param>
    /// <param name="rows">The numbers of the rows.</param>
    /// <param name="firstPlace">The place of the first of them in the epoch.</param>
    public void Apply(MatrixSpan features, ReadOnlySpan<int> rows, int firstPlace)
    {
        if (_chance.Length < rows.Length)
        {
            _chance = new SeededRandom[rows.Length];
        }

        for (int i = 0; i < rows.Length; i++)
        {
            _chance[i] = random.At(order.PassAt(firstPlace + i)).At(rows[i]);
        }

        _augmenter.Apply(features, _chance.AsSpan(0, rows.Length));
    }
}
