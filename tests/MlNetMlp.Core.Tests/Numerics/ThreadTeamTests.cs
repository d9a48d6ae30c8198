using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_AnyNumberOfTiles_ExecutesEachOnceWithAValidWorker(int threads)
    {
        using ThreadTeam team = new(threads);
        Assert.Equal(threads, team.Threads);
        for (int tiles = 0; tiles < 200; tiles++)
        {
            Counter body = new(new int[tiles], threads);
            team.Run(tiles, ref body);
            Assert.All(body.Calls, count => Assert.Equal(1, count));
        }
    }

    /// <summary>From run to run other threads are active, and those that come late from the run before are none of them.</summary>
    [Fact]
    public void Run_ChangingNumberOfActiveThreads_ExecutesEachTileOnceByThoseAlone()
    {
        using ThreadTeam team = new(4);
        for (int run = 0; run < 20_000; run++)
        {
            team.ActiveThreads = 1 + (run * 7 % 4);
            Counter body = new(new int[1 + (run % 13)], team.ActiveThreads);
            team.Run(body.Calls.Length, ref body);
            Assert.All(body.Calls, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void ActiveThreads_NotOneToAll_Throws(int threads)
    {
        using ThreadTeam team = new(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => team.ActiveThreads = threads);
    }

    /// <summary>Tiles so short that the threads meet at the counter all the time.</summary>
    [Fact]
    public void Run_ManyTinyTiles_ExecutesEachOnce()
    {
        using ThreadTeam team = new(3);
        Counter body = new(new int[500_000], 3);
        const int Runs = 10;
        for (int run = 0; run < Runs; run++)
        {
            team.Run(body.Calls.Length, ref body);
        }

        Assert.DoesNotContain(body.Calls, count => count != Runs);
    }

    [Fact]
    public void Run_ManyTimesWithPauses_NeverLosesOrRepeatsATile()
    {
        using ThreadTeam team = new(3);
        Counter body = new(new int[5], 3);
        const int Runs = 20_000;
        for (int run = 1; run <= Runs; run++)
        {
            team.Run(5, ref body);

            // Now and then long enough for the threads to fall asleep, or just about to.
            if (run % 500 == 0)
            {
                Thread.Sleep(1);
            }
            else if (run % 7 == 0)
            {
                Thread.SpinWait(run % 3000);
            }
        }

        Assert.All(body.Calls, count => Assert.Equal(Runs, count));
    }

    /// <summary>What a thread wrote in one run is in its cache in the next, if it has the same tiles.</summary>
    [Fact]
    public void Run_ThreadsThatKeepPace_GivesEachTheSameStretchOfTiles()
    {
        using ThreadTeam team = new(3);
        using Barrier everybody = new(3);
        for (int run = 0; run < 5; run++)
        {
            InStep body = new(new int[12], everybody);
            team.Run(12, ref body);
            Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], body.Workers);
        }
    }

    [Fact]
    public void Run_SlowTiles_UsesEveryThread()
    {
        using ThreadTeam team = new(3);
        Meeting body = new(new CountdownEvent(3));
        team.Run(3, ref body);
        Assert.True(body.Everybody.IsSet);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_TileThrows_RethrowsOnTheCallerAndStaysUsable(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int failing = 0; failing < 20; failing++)
        {
            Failing bad = new(failing);
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => team.Run(20, ref bad));
            Assert.Equal("tile " + failing, exception.Message);

            Counter good = new(new int[20], threads);
            team.Run(20, ref good);
            Assert.All(good.Calls, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    public void Run_FromInsideATile_Throws(int threads, int tiles)
    {
        using ThreadTeam team = new(threads);
        Nested body = new(team);
        Assert.Throws<InvalidOperationException>(() => team.Run(tiles, ref body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_AfterTheFirstCall_AllocatesNothing(int threads)
    {
        using ThreadTeam team = new(threads);
        Counter body = new(new int[64], threads);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int run = 0; run < 200; run++)
            {
                team.Run(64, ref body);
            }
        }));
    }

    [Fact]
    public void Run_BodyWithReferencesWhileTheHeapIsCompacted_SeesTheObjectsThatMoved()
    {
        using ThreadTeam team = new(2);
        Collecting body = new([new int[1], new int[1]]);
        team.Run(50, ref body);
        Assert.Equal(50, body.Calls[0][0] + body.Calls[1][0]);
    }

    [Fact]
    public unsafe void Scratch_SmallerRequestLater_KeepsTheMemory()
    {
        using ThreadTeam team = new(2);
        nint first = (nint)team.Scratch(1, 100);
        Assert.Equal(0, first % 64);
        Assert.Equal(first, (nint)team.Scratch(1, 50));
        Assert.NotEqual(first, (nint)team.Scratch(0, 50));
    }

    /// <summary>Whichever threads had tiles that needed it.</summary>
    [Fact]
    public unsafe void Scratch_OfOthersAfterTheCallersAndARun_AllocatesNothing()
    {
        using ThreadTeam team = new(3);
        team.Scratch(0, 5000);
        Counter body = new(new int[2], 3);
        team.Run(2, ref body);

        long before = GC.GetAllocatedBytesForCurrentThread();
        team.Scratch(1, 5000);
        team.Scratch(2, 5000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Dispose_Twice_IsAllowedAndRunThenThrows()
    {
        ThreadTeam team = new(3);
        team.Dispose();
        team.Dispose();
        Counter body = new(new int[1], 3);
        Assert.Throws<ObjectDisposedException>(() => team.Run(1, ref body));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Constructor_NoThreads_Throws(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(threads));

    private readonly struct Counter(int[] calls, int threads) : IParallelBody
    {
        public int[] Calls => calls;

        public void Execute(int tile, int worker)
        {
            if (worker < 0 || worker >= threads)
            {
                throw new InvalidOperationException("worker " + worker);
            }

            Interlocked.Increment(ref calls[tile]);
        }
    }

    /// <summary>Each tile waits until all have begun, which takes as many threads as tiles.</summary>
    private readonly struct Meeting(CountdownEvent everybody) : IParallelBody
    {
        public CountdownEvent Everybody => everybody;

        public void Execute(int tile, int worker)
        {
            everybody.Signal();
            everybody.Wait(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>No thread begins its next tile before all others are at theirs, so none has time to help out.</summary>
    private readonly struct InStep(int[] workers, Barrier everybody) : IParallelBody
    {
        public int[] Workers => workers;

        public void Execute(int tile, int worker)
        {
            workers[tile] = worker;
            everybody.SignalAndWait();
        }
    }

    private readonly struct Failing(int failing) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            if (tile == failing)
            {
                throw new InvalidOperationException("tile " + tile);
            }
        }
    }

    private readonly struct Nested(ThreadTeam team) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            Nested body = this;
            team.Run(1, ref body);
        }
    }

    private struct Collecting(int[][] calls) : IParallelBody
    {
        public int[][] Calls = calls;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Execute(int tile, int worker)
        {
            if (tile % 10 == 3)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            }

            Interlocked.Increment(ref Calls[tile % 2][0]);
        }
    }
}
