namespace MlNetMlp.Core.Tests;

public class ScheduleTests
{
    /// <summary>Schedule, epoch, planned epochs and the rate, worked out by hand.</summary>
    public static TheoryData<Schedule, double, int, double> Rates => new()
    {
        { Schedule.Constant(0.1f), 0, 10, 0.1 },
        { Schedule.Constant(0.1f), 9.5, 10, 0.1 },
        { Schedule.Step(0.8f, every: 10), 0, 30, 0.8 },
        { Schedule.Step(0.8f, every: 10), 9.99, 30, 0.8 },
        { Schedule.Step(0.8f, every: 10), 10, 30, 0.4 },
        { Schedule.Step(0.8f, every: 10), 25, 30, 0.2 },
        { Schedule.Step(1, every: 2, factor: 0.1f), 7, 30, 0.001 },
        { Schedule.Cosine(0.1f), 0, 10, 0.1 },
        { Schedule.Cosine(0.1f), 2.5, 10, 0.085355339059 },
        { Schedule.Cosine(0.1f), 5, 10, 0.05 },
        { Schedule.Cosine(0.1f), 7.5, 10, 0.014644660941 },
        { Schedule.Cosine(0.1f), 10, 10, 0 },
        { Schedule.Cosine(0.1f), 12, 10, 0 },
        { Schedule.Cosine(0.1f, to: 0.02f), 5, 10, 0.06 },
        { Schedule.Cosine(0.1f, to: 0.02f), 10, 10, 0.02 },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), 0, 12, 0 },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), 0.5, 12, 0.025 },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), 2, 12, 0.1 },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), 7, 12, 0.05 },
        { Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), 12, 12, 0 },
        { Schedule.Warmup(3).Then(Schedule.Step(0.8f, every: 4)), 6.5, 12, 0.8 },
        { Schedule.Warmup(3).Then(Schedule.Step(0.8f, every: 4)), 7, 12, 0.4 },
        { Schedule.Warmup(0.5).Then(0.2f), 0.25, 10, 0.1 },
        { Schedule.Warmup(0.5).Then(0.2f), 0.5, 10, 0.2 },
        { Schedule.Warmup(20).Then(Schedule.Cosine(0.2f)), 10, 10, 0.1 },
        { Schedule.Warmup(10).Then(Schedule.Cosine(0.2f)), 10, 10, 0.2 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void RateAt_Moment_EqualsHandComputedRate(Schedule schedule, double epoch, int epochs, double expected)
    {
        Assert.Equal(expected, schedule.RateAt(epoch, epochs), 1e-7 * expected);
    }

    [Fact]
    public void BaseRate_AnySchedule_IsTheFirstRateOfTheMainPart()
    {
        Assert.Equal(0.3f, Schedule.Constant(0.3f).BaseRate);
        Assert.Equal(0.3f, Schedule.Step(0.3f, 5).BaseRate);
        Assert.Equal(0.3f, Schedule.Cosine(0.3f, 0.1f).BaseRate);
        Assert.Equal(0.3f, Schedule.Warmup(2).Then(Schedule.Cosine(0.3f)).BaseRate);
    }

    [Fact]
    public void Conversion_OfANumber_IsAConstantSchedule()
    {
        Schedule schedule = 0.25f;
        Assert.Equal(Schedule.Constant(0.25f), schedule);
    }

    [Fact]
    public void Equals_SameSchedule_IsByValue()
    {
        Assert.Equal(Schedule.Warmup(2).Then(Schedule.Cosine(0.1f, 0.01f)), Schedule.Warmup(2).Then(Schedule.Cosine(0.1f, 0.01f)));
        Assert.NotEqual(Schedule.Warmup(2).Then(Schedule.Cosine(0.1f)), Schedule.Warmup(3).Then(Schedule.Cosine(0.1f)));
        Assert.NotEqual(Schedule.Cosine(0.1f), Schedule.Constant(0.1f));
    }

    [Fact]
    public void ToString_AnySchedule_ReadsAsASentence()
    {
        Assert.Equal("constant 0.1", Schedule.Constant(0.1f).ToString());
        Assert.Equal("0.1 times 0.5 every 10 epochs", Schedule.Step(0.1f, 10).ToString());
        Assert.Equal("warm-up over 2.5 epochs, then cosine from 0.1 to 0", Schedule.Warmup(2.5).Then(Schedule.Cosine(0.1f)).ToString());
    }

    [Fact]
    public void Then_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => Schedule.Warmup(2).Then(null!));
    }
}
