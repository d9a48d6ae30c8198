namespace MlNetMlp.Core.Tests;

/// <summary>Joins the shards of threads that stand for machines, each of which has some neighbouring shards.</summary>
internal sealed class MeetingExchange(MeetingExchange.Meeting meeting, int place) : IShardExchange
{
    private ShardTree? _tree;

    public int First => meeting.Starts[place];

    public int End => meeting.Starts[place + 1];

    public bool Sum(ShardTree here, Span<float> total, Span<double> numbers, GradientRounding? rounding)
    {
        _tree ??= new ShardTree(here.Length);
        meeting.Trees[place] = here;
        Share(numbers);
        foreach (ShardTree.Block block in meeting.Trees.SelectMany(tree => tree!.Blocks))
        {
            _tree.Add(block.First, block.Count, block.Sum.Span);
        }

        _tree.TakeTotal(total);
        rounding?.Round(0, total);
        meeting.Wait();
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

        public ShardTree?[] Trees { get; } = new ShardTree?[starts.Length - 1];

        public double[]?[] Numbers { get; } = new double[]?[starts.Length - 1];

        public void Wait() => Assert.True(_barrier.SignalAndWait(TimeSpan.FromSeconds(30)));

        public void Dispose() => _barrier.Dispose();
    }
}
