using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Every row once an epoch, in a fresh permutation or in the order of their numbers.</summary>
internal sealed class PermutedOrder(int count, bool shuffle, SeededRandom random) : EpochOrder(count)
{
    public override long PassAt(int place) => Epoch;

    private protected override void Fill(Span<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = i;
        }

        if (shuffle)
        {
            random.At(Epoch).Shuffle(rows);
        }
    }
}
