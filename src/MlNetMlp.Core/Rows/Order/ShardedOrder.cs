using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Every row once an epoch: each shard has an order of its own, and its share of the places of every mini-batch. See
/// <see cref="MlpTrainingOptions.Shards"/>.
/// </summary>
internal sealed class ShardedOrder : EpochOrder
{
    private readonly int _shards;
    private readonly int _batchSize;
    private readonly int _window;
    private readonly bool _shuffle;
    private readonly SeededRandom _random;
    private readonly int[] _ofShard;

    /// <param name="count">The number of training rows, at least that of the shards.</param>
    /// <param name="shards">The number of shards.</param>
    /// <param name="batchSize">The rows of a mini-batch: a multiple of the shards, or all.</param>
    /// <param name="shuffle">Whether every epoch has an order of its own; false: that of the rows' numbers.</param>
    /// <param name="random">The random numbers of all epochs.</param>
    /// <param name="window">See <see cref="IRowSource.ShuffleWindow"/>; the shards, which are read side by side, share it.</param>
    public ShardedOrder(int count, int shards, int batchSize, bool shuffle, SeededRandom random, int window)
        : base(count)
    {
        (_shards, _batchSize, _shuffle, _random) = (shards, batchSize, shuffle, random);
        _window = window >= count ? int.MaxValue : Math.Max(1, window / shards);
        _ofShard = new int[(count + shards - 1) / shards];
    }

    /// <summary>Where the part of a shard begins among so many rows or places; the part of the last one ends where that of a next one would begin.</summary>
    public static int Start(int count, int shard, int shards) => (int)((long)count * shard / shards);

    public override long PassAt(int place) => Epoch;

    private protected override void Fill(Span<int> rows)
    {
        for (int shard = 0; shard < _shards; shard++)
        {
            int first = Start(rows.Length, shard, _shards);
            Span<int> own = _ofShard.AsSpan(0, Start(rows.Length, shard + 1, _shards) - first);
            if (_shuffle)
            {
                WindowedShuffle.Fill(own, _window, _random.At(shard).At(Epoch));
            }
            else
            {
                RowNumbers.Fill(own);
            }

            int taken = 0;
            for (int place = 0; place < rows.Length; place += _batchSize)
            {
                int count = Math.Min(_batchSize, rows.Length - place);
                int from = Start(count, shard, _shards), to = Start(count, shard + 1, _shards);
                for (int i = from; i < to; i++)
                {
                    rows[place + i] = first + own[taken++];
                }
            }
        }
    }
}
