using System.Runtime.InteropServices;
using MlNetMlp.Networks;
using MlNetMlp.Numerics;
using MlNetMlp.Search;

namespace MlNetMlp.Orleans.Tests;

/// <summary>The exchange of three silos, with one, two and three of six shards, whose messages arrive in any order.</summary>
public sealed class ShardExchangeTests
{
    private const int Shards = 6;

    /// <summary>The first elements of the slices; the longest is of two pieces for each silo, the one before has elements for two silos only.</summary>
    private static readonly int[] _starts = [900_000, 899_970, 70, 0];

    private static readonly int[] _firsts = [0, 1, 3, Shards];

    /// <summary>The sums are those of one tree over all shards, whatever comes first.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Sums_OfMessagesInAnyOrder_AreThoseOfOneTree(int seed, bool isRounded)
    {
        using var post = new Post(seed);
        Task[] silos = [.. Enumerable.Range(0, 3).Select(place => Task.Factory.StartNew(
            () =>
            {
                var total = new AlignedBuffer(_starts[0]);
                GradientRounding? rounding = isRounded ? new(total.Length) : null, expectedRounding = isRounded ? new(total.Length) : null;
                for (int round = 0; round < 3; round++)
                {
                    for (int slice = 1; slice < _starts.Length; slice++)
                    {
                        post.Exchanges[place].Begin(TreeOf(round, slice, _firsts[place], _firsts[place + 1]), total, _starts[slice], rounding);
                    }

                    double[] numbers = new double[2 * Shards];
                    for (int shard = _firsts[place]; shard < _firsts[place + 1]; shard++)
                    {
                        (numbers[2 * shard], numbers[2 * shard + 1]) = (shard, round);
                    }

                    Assert.True(post.Exchanges[place].Finish(numbers));
                    Assert.Equal(Enumerable.Range(0, Shards).SelectMany(shard => new double[] { shard, round }), numbers);
                    float[] expected = new float[total.Length];
                    for (int slice = 1; slice < _starts.Length; slice++)
                    {
                        TreeOf(round, slice, 0, Shards).TakeTotal(expected.AsSpan(_starts[slice].._starts[slice - 1]));
                    }

                    expectedRounding?.Round(0, expected);
                    Assert.True(MemoryMarshal.AsBytes(total.Span).SequenceEqual(MemoryMarshal.AsBytes<float>(expected)), $"{place}, {round}");
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        await Task.WhenAll(silos).WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>A silo that is out of reach ends the exchange of those that wait for it.</summary>
    [Fact]
    public async Task ClosedMailbox_EndsTheWaiting()
    {
        using var post = new Post(seed: 1);
        var total = new AlignedBuffer(40);
        Task waiting = Task.Factory.StartNew(
            () =>
            {
                var tree = new ShardTree(40);
                tree.Add(0, 1, new float[40]);
                post.Exchanges[0].Begin(tree, total, 0, rounding: null);
                post.Exchanges[0].Finish(new double[Shards]);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        post.Mailboxes[0].Close();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    /// <summary>Gradients whose sum depends on the order in which they are added.</summary>
    private static ShardTree TreeOf(int round, int slice, int first, int end)
    {
        var tree = new ShardTree(_starts[slice - 1] - _starts[slice]);
        for (int shard = first; shard < end; shard++)
        {
            float[] gradient = new float[tree.Length];
            var random = new Random(round * 100 + slice * 10 + shard);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] = (random.NextSingle() - 0.3f) * (i % 3 == 0 ? 1e4f : 1);
            }

            // What is sent of a single shard may be packed into 16 bits, so it has to be rounded.
            BFloat16.Round(gradient, new float[gradient.Length]);
            tree.Add(shard, 1, gradient);
        }

        return tree;
    }

    /// <summary>Three silos, and what is on its way between them.</summary>
    private sealed class Post : IDisposable
    {
        private readonly List<(int Receiver, ShardMessage Message)> _messages = [];
        private readonly Random _random;
        private readonly Thread _thread;
        private volatile bool _isClosed;

        public Post(int seed)
        {
            _random = new Random(seed);
            ShardPeer[] peers = [.. Enumerable.Range(0, 3).Select(place => new ShardPeer($"silo {place}", _firsts[place], _firsts[place + 1]))];
            Exchanges =
            [
                .. Enumerable.Range(0, 3).Select(place => new ShardExchange(
                    new ShardJob("training", 1, place, peers, new MlpTrainingOptions { Shards = Shards }, null!, null!, [], 1, 1, null!, null),
                    Mailboxes[place], Send)),
            ];
            _thread = new Thread(Deliver) { IsBackground = true };
            _thread.Start();
        }

        public Mailbox[] Mailboxes { get; } = [new(), new(), new()];

        public ShardExchange[] Exchanges { get; }

        public void Dispose()
        {
            _isClosed = true;
            _thread.Join();
        }

        private void Send(int receiver, ShardMessage message)
        {
            lock (_messages)
            {
                _messages.Add((receiver, message));
            }
        }

        /// <summary>Any of the messages that are there.</summary>
        private void Deliver()
        {
            while (!_isClosed)
            {
                Thread.Sleep(_random.Next(2));
                (int Receiver, ShardMessage Message)? next = null;
                lock (_messages)
                {
                    if (_messages.Count > 0)
                    {
                        int place = _random.Next(_messages.Count);
                        next = _messages[place];
                        _messages.RemoveAt(place);
                    }
                }

                if (next is var (receiver, message))
                {
                    Mailboxes[receiver].Put(message);
                }
            }
        }
    }
}
