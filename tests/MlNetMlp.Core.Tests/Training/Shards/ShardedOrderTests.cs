using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class ShardedOrderTests
{
    [Theory]
    [InlineData(96, 4, 16)]
    [InlineData(101, 4, 16)]
    [InlineData(50, 7, 14)]
    [InlineData(50, 7, 50)]
    [InlineData(33, 8, 16)]
    public void EveryMiniBatch_HasItsPartFromEveryShard(int rows, int shards, int batchSize)
    {
        var order = new ShardedOrder(rows, shards, batchSize, shuffle: true, new SeededRandom(1), int.MaxValue);
        var epochs = new List<int[]>();
        for (int epoch = 0; epoch < 2; epoch++)
        {
            order.Start(epoch);
            int[] places = order.Rows(0, rows).ToArray();
            epochs.Add(places);
            Assert.Equal(Enumerable.Range(0, rows), places.Order());
            for (int first = 0; first < rows; first += batchSize)
            {
                int[] batch = order.Rows(first, batchSize).ToArray();
                for (int i = 0; i < batch.Length; i++)
                {
                    Assert.Equal(ShardOf(i, batch.Length, shards), ShardOf(batch[i], rows, shards));
                }
            }
        }

        Assert.NotEqual(epochs[0], epochs[1]);
    }

    [Fact]
    public void WithoutShuffle_TheRowsOfAShardKeepTheirOrder()
    {
        var order = new ShardedOrder(10, 2, 4, shuffle: false, new SeededRandom(1), int.MaxValue);
        order.Start(0);
        Assert.Equal([0, 1, 5, 6, 2, 3, 7, 8, 4, 9], order.Rows(0, 10).ToArray());
    }

    private static int ShardOf(int number, int count, int shards)
    {
        int shard = 0;
        while ((shard + 1) * count / shards <= number)
        {
            shard++;
        }

        return shard;
    }
}
