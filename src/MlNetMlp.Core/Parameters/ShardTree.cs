using System.Numerics;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Adds the gradients of shards pairwise, <c>((g0 + g1) + (g2 + g3)) + ...</c>: an order that does not depend on which of the sums were computed elsewhere.
/// </summary>
/// <remarks>
/// <para>
/// A block of <c>2^k</c> shards that begins at a multiple of its size is the sum of its two halves. What is left of a number of shards that is no power of two
/// is added from its end. Whoever has neighbouring shards adds their blocks up and sends these: one for a power of two, not one for each shard.
/// </para>
/// <para>Used by one thread. Its buffers, at most one more than the binary logarithm of the number of shards, are kept for the next gradients.</para>
/// </remarks>
/// <param name="length">The number of elements of a gradient.</param>
internal sealed class ShardTree(int length)
{
    private readonly List<Block> _blocks = [];
    private readonly Stack<AlignedBuffer> _free = new();

    /// <summary>The number of elements of a gradient.</summary>
    public int Length => length;

    /// <summary>The sums so far, in the order of the shards.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    /// <summary>The blocks that the shards from <paramref name="first"/> up to <paramref name="end"/> come to.</summary>
    public static IEnumerable<(int First, int Count)> BlocksOf(int first, int end)
    {
        while (first < end)
        {
            int aligned = first == 0 ? int.MaxValue : 1 << BitOperations.TrailingZeroCount(first);
            int fitting = 1 << BitOperations.Log2((uint)(end - first));
            int count = Math.Min(aligned, fitting);
            yield return (first, count);
            first += count;
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        foreach (Block block in _blocks)
        {
            _free.Push(block.Sum);
        }

        _blocks.Clear();
    }

    /// <summary>Adds the gradient of a shard, or of a whole block of them; they come in their order.</summary>
    /// <param name="first">The first shard.</param>
    /// <param name="count">How many there are: a power of two.</param>
    /// <param name="gradient">The gradient, which is copied; of a shorter one than the tree is made for, all are as short.</param>
    public void Add(int first, int count, ReadOnlySpan<float> gradient)
    {
        if (Completes(first, count))
        {
            Block left = _blocks[^1];
            TensorPrimitives.Add(left.Sum.Span[..gradient.Length], gradient, left.Sum.Span);
            _blocks[^1] = left with { Count = 2 * count };
        }
        else
        {
            AlignedBuffer buffer = Rent();
            gradient.CopyTo(buffer.Span);
            _blocks.Add(new Block(first, count, buffer));
        }

        MergeCompleted();
    }

    /// <summary>A buffer for the whole gradient of a shard, holding anything; to be given back by <see cref="Add(int, AlignedBuffer)"/>.</summary>
    public AlignedBuffer Rent() => _free.TryPop(out AlignedBuffer? free) ? free : new AlignedBuffer(length);

    /// <summary>Adds the gradient of a shard without copying it; they come in their order.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="gradient">Its gradient, in a buffer of <see cref="Rent"/>.</param>
    public void Add(int shard, AlignedBuffer gradient)
    {
        _blocks.Add(new Block(shard, 1, gradient));
        MergeCompleted();
    }

    /// <summary>Writes the sum over all shards, and begins anew.</summary>
    public void TakeTotal(Span<float> total)
    {
        while (_blocks.Count > 1)
        {
            Merge();
        }

        _blocks[0].Sum.Span[..total.Length].CopyTo(total);
        Clear();
    }

    private bool Completes(int first, int count) => Completes(_blocks.Count, first, count);

    /// <summary>Whether a block is the second half of one whose first half is before <paramref name="place"/>.</summary>
    private bool Completes(int place, int first, int count) =>
        place > 0 && _blocks[place - 1] is var left && left.Count == count && left.First + count == first && left.First % (2 * count) == 0;

    private void MergeCompleted()
    {
        while (_blocks.Count > 1 && _blocks[^1] is var right && Completes(_blocks.Count - 1, right.First, right.Count))
        {
            Merge();
        }
    }

    private void Merge()
    {
        Block left = _blocks[^2], right = _blocks[^1];
        TensorPrimitives.Add(left.Sum.Span, right.Sum.Span, left.Sum.Span);
        _blocks[^2] = left with { Count = left.Count + right.Count };
        _blocks.RemoveAt(_blocks.Count - 1);
        _free.Push(right.Sum);
    }

    /// <summary>The sum over some shards.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Sum">Their sum.</param>
    public readonly record struct Block(int First, int Count, AlignedBuffer Sum);
}
