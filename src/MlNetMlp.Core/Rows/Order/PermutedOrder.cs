using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Every row once an epoch, in a fresh permutation, which may be a <see cref="WindowedShuffle"/>, or in the order of their numbers.</summary>
internal sealed class PermutedOrder(int count, int window, bool shuffle, SeededRandom random) : EpochOrder(count)
{
    public override long PassAt(int place) => Epoch;

    private protected override void Fill(Span<int> rows)
    {
        if (shuffle)
        {
            WindowedShuffle.Fill(rows, window, random.At(Epoch));
            return;
        }

        RowNumbers.Fill(rows);
    }
}
