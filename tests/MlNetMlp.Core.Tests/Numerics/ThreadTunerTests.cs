using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests.Numerics;

/// <summary>Steps on a clock of the tests' own: how long one takes on so many threads is a formula.</summary>
public sealed class ThreadTunerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 6)]
    [InlineData(16, 16)]
    public void Steps_OfWorkThatScales_AreMadeByAllThreads(int threads, int expected) =>
        Assert.Equal(expected, Chosen(threads, active => 0.01 / active));

    [Fact]
    public void Steps_TooSmallForThreads_AreMadeByOne() => Assert.Equal(1, Chosen(16, active => 10e-6 * (1 + (0.1 * (active - 1)))));

    /// <summary>The time is least with 4 threads of 16, as where memory or hand-overs set a limit.</summary>
    [Fact]
    public void Steps_FastestInBetween_AreMadeByThatNumber() => Assert.Equal(4, Chosen(16, active => 1e-3 * ((1.0 / active) + (active / 16.0))));

    /// <summary>Two threads that gain one percent are not worth it; those that gain ten are.</summary>
    [Theory]
    [InlineData(0.99, 1)]
    [InlineData(0.9, 2)]
    public void Steps_HardlyFasterWithMoreThreads_AreMadeByFewer(double timeWithTwo, int expected) =>
        Assert.Equal(expected, Chosen(2, active => active == 1 ? 1e-4 : 1e-4 * timeWithTwo));

    [Fact]
    public void Trying_TakesLittleOfTheTime()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(16);
        var tuner = new ThreadTuner(team, clock: clock);
        double tried = 0;
        while (clock.Elapsed < 10 * _second)
        {
            tuner.BeginStep();
            double seconds = 20e-6 * (1 + (0.1 * (team.ActiveThreads - 1)));
            tried += team.ActiveThreads == 1 ? 0 : seconds;
            clock.Pass(seconds);
            tuner.EndStep(32);
        }

        Assert.InRange(tried / clock.Elapsed.TotalSeconds, 0.001, 0.03);
    }

    /// <summary>A wide network on one of 16 threads would stand still for a long time.</summary>
    [Fact]
    public void Trying_StopsWhereFewerThreadsAreClearlySlower()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(16);
        var tuner = new ThreadTuner(team, clock: clock);
        int fewest = 16;
        for (int step = 0; step < 1000; step++)
        {
            tuner.BeginStep();
            fewest = Math.Min(fewest, team.ActiveThreads);
            clock.Pass(0.1 / team.ActiveThreads);
            tuner.EndStep(1);
        }

        Assert.Equal(8, fewest);
    }

    /// <summary>Another program takes all cores but one for a while.</summary>
    [Fact]
    public void Steps_WhenTheMachineChanges_AreMadeByAnotherNumberBeforeLong()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(4);
        var tuner = new ThreadTuner(team, clock: clock);
        Assert.Equal(4, Run(team, tuner, clock, active => 1e-3 / active));
        Assert.Equal(1, Run(team, tuner, clock, active => 1e-3 * active));
        Assert.Equal(4, Run(team, tuner, clock, active => 1e-3 / active));
    }

    /// <summary>Mini-batches of one row between those of many: time for a row is what counts.</summary>
    [Fact]
    public void Steps_OfUnequalSizes_AreComparedByTheirWork()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(2);
        var tuner = new ThreadTuner(team, clock: clock);
        for (int step = 0; clock.Elapsed < _second; step++)
        {
            int rows = step % 7 == 0 ? 1 : 100;
            tuner.BeginStep();
            clock.Pass(rows * 1e-6 / team.ActiveThreads);
            tuner.EndStep(rows);
        }

        Assert.Equal(2, MostUsed(team, tuner, clock, active => 1e-4 / active));
    }

    /// <summary>The first time that a number of threads is tried, something else disturbs it.</summary>
    [Fact]
    public void Steps_DisturbedOnce_AreTriedAgain()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(2);
        var tuner = new ThreadTuner(team, clock: clock);
        do
        {
            tuner.BeginStep();
            clock.Pass(1e-3);
            tuner.EndStep(1);
        }
        while (team.ActiveThreads == 2);

        Assert.Equal(2, MostUsed(team, tuner, clock, active => 1e-3 / active, 0.1));
    }

    /// <summary>
    /// For the first 40 milliseconds the second processor is busy waking up, and two threads are slower than one: what is found then holds for a tenth of a
    /// second, not for as long as a short training run takes.
    /// </summary>
    [Fact]
    public void Steps_SlowWithManyThreadsAtFirst_AreMadeByManyBeforeLong()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(2);
        var tuner = new ThreadTuner(team, clock: clock);
        int atFirst = MostUsed(team, tuner, clock, active => 3e-4 * active, 0.04);
        double Awake(int active) => 3e-4 / active;
        MostUsed(team, tuner, clock, Awake, 0.06);
        Assert.Equal((1, 2), (atFirst, MostUsed(team, tuner, clock, Awake, 0.1)));
    }

    [Fact]
    public void Steps_ThatAllThreadsShallMake_AreMadeByAll()
    {
        var clock = new Clock();
        using var team = new ThreadTeam(4);
        var tuner = new ThreadTuner(team, usesAll: true, clock);
        for (int step = 0; step < 10_000; step++)
        {
            tuner.BeginStep();
            Assert.Equal(4, team.ActiveThreads);
            clock.Pass(1e-5 * team.ActiveThreads);
            tuner.EndStep(1);
        }
    }

    [Fact]
    public void Steps_AllocateNothing()
    {
        using var team = new ThreadTeam(4);
        var tuner = new ThreadTuner(team);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 0; step < 100_000; step++)
            {
                tuner.BeginStep();
                tuner.EndStep(1);
            }
        }));
    }

    private static int Chosen(int threads, Func<int, double> seconds)
    {
        var clock = new Clock();
        using var team = new ThreadTeam(threads);
        return Run(team, new ThreadTuner(team, clock: clock), clock, seconds);
    }

    /// <summary>Makes steps for ten seconds, and returns what most of the next ones are made by.</summary>
    private static int Run(ThreadTeam team, ThreadTuner tuner, Clock clock, Func<int, double> seconds)
    {
        MostUsed(team, tuner, clock, seconds);
        return MostUsed(team, tuner, clock, seconds);
    }

    private static int MostUsed(ThreadTeam team, ThreadTuner tuner, Clock clock, Func<int, double> secondsOfStep, double seconds = 10)
    {
        double[] time = new double[team.Threads + 1];
        for (TimeSpan end = clock.Elapsed + (seconds * _second); clock.Elapsed < end;)
        {
            tuner.BeginStep();
            clock.Pass(secondsOfStep(team.ActiveThreads));
            time[team.ActiveThreads] += secondsOfStep(team.ActiveThreads);
            tuner.EndStep(1);
        }

        return Array.IndexOf(time, time.Max());
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000_000;

        public TimeSpan Elapsed => GetElapsedTime(0);

        public override long GetTimestamp() => _now;

        public void Pass(double seconds) => _now += (long)Math.Round(seconds * TimestampFrequency);
    }
}
