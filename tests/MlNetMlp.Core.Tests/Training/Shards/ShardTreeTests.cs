using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class ShardTreeTests
{
    /// <summary>Numbers whose sum depends on the order in which they are added; cut anywhere, the blocks come to the same bits.</summary>
    [Fact]
    public void Total_OfBlocksCutAnywhere_IsThatOfTheTree()
    {
        var random = new Random(1);
        for (int shards = 1; shards <= 19; shards++)
        {
            float[][] gradients = [.. Enumerable.Range(0, shards).Select(_ => new[] { random.NextSingle() - 0.3f, 1e4f * random.NextSingle() })];
            float[] expected = SumOf(gradients, 0, shards);
            for (int cuts = 0; cuts < 4; cuts++)
            {
                int[] starts = [.. Enumerable.Range(0, cuts).Select(_ => random.Next(shards + 1)).Append(0).Append(shards).Order()];
                var all = new ShardTree(2);
                for (int i = 0; i + 1 < starts.Length; i++)
                {
                    var part = new ShardTree(2);
                    for (int shard = starts[i]; shard < starts[i + 1]; shard++)
                    {
                        Add(part, shard, gradients[shard], isCopied: cuts % 2 == 0);
                    }

                    Assert.Equal(ShardTree.BlocksOf(starts[i], starts[i + 1]), part.Blocks.Select(block => (block.First, block.Count)));
                    foreach (ShardTree.Block block in part.Blocks)
                    {
                        all.Add(block.First, block.Count, block.Sum.Span);
                    }
                }

                float[] total = new float[2];
                all.TakeTotal(total);
                Assert.Equal(Bits.Of(expected), Bits.Of(total));
                Assert.Empty(all.Blocks);
            }
        }
    }

    private static void Add(ShardTree tree, int shard, float[] gradient, bool isCopied)
    {
        if (isCopied)
        {
            tree.Add(shard, 1, gradient);
            return;
        }

        AlignedBuffer buffer = tree.Rent();
        gradient.CopyTo(buffer.Span);
        tree.Add(shard, buffer);
    }

    /// <summary>The definition: a number of shards is cut at the largest power of two below it.</summary>
    private static float[] SumOf(float[][] gradients, int first, int count)
    {
        if (count == 1)
        {
            return gradients[first];
        }

        int half = 1;
        while (2 * half < count)
        {
            half *= 2;
        }

        float[] left = SumOf(gradients, first, half), right = SumOf(gradients, first + half, count - half);
        return [left[0] + right[0], left[1] + right[1]];
    }
}
