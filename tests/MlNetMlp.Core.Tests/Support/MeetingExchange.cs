using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Joins the shards of threads that stand for machines, each of which has some neighbouring shards.</summary>
internal sealed class MeetingExchange(MeetingExchange.Meeting meeting, int place) : IShardExchange
{
    public int First => meeting.Starts[place];

    public int End => meeting.Starts[place + 1];

    /// <summary>A slice for every layer, so that each of them has to be right about when its gradients are final.</summary>
    public int SliceLength => 1;

    public void Begin(ShardTree here, AlignedBuffer total, int first, GradientRounding? rounding)
    {
        meeting.Slices[place] = [.. here.Blocks.Select(block => (block.First, block.Count, block.Sum.Span.ToArray()))];
        meeting.Wait();
        var tree = new ShardTree(here.Length);
        foreach ((int start, int count, float[] sum) in meeting.Slices.SelectMany(blocks => blocks!))
        {
            tree.Add(start, count, sum);
        }

        Span<float> all = total.Span.Slice(first, here.Length);
        tree.TakeTotal(all);
        rounding?.Round(first, all);
        meeting.Wait();
    }

    public bool Finish(Span<double> numbers)
    {
        Share(numbers);
        return true;
    }

    public void Share(Span<double> numbers)
    {
        int columns = numbers.Length / meeting.Starts[^1];
        meeting.Numbers[place] = numbers[(First * columns)..(End * columns)].ToArray();
        meeting.Wait();
        meeting.Numbers.SelectMany(one => one!).ToArray().CopyTo(numbers);
        meeting.Wait();
    }

    /// <summary>Where the threads wait for each other.</summary>
    /// <param name="starts">The first shard of each of them, and the number of shards.</param>
    internal sealed class Meeting(int[] starts) : IDisposable
    {
        private readonly Barrier _barrier = new(starts.Length - 1);

        public int[] Starts => starts;

        public (int First, int Count, float[] Sum)[]?[] Slices { get; } = new (int, int, float[])[]?[starts.Length - 1];

        public double[]?[] Numbers { get; } = new double[]?[starts.Length - 1];

        public void Wait() => Assert.True(_barrier.SignalAndWait(TimeSpan.FromSeconds(30)));

        public void Dispose() => _barrier.Dispose();
    }
}
