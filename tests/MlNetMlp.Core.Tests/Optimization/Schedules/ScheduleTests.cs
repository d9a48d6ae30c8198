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
        { Schedule.Exponential(0.1f, decay: 0.2f), 0, 10, 0.1 },
        { Schedule.Exponential(0.1f, decay: 0.2f), 2.5, 10, 0.0606530660 },
        { Schedule.Exponential(0.1f, decay: 0.2f), 20, 10, 0.00183156389 },
        { Schedule.InverseTime(0.1f, decay: 0.5f), 0, 10, 0.1 },
        { Schedule.InverseTime(0.1f, decay: 0.5f), 2, 10, 0.05 },
        { Schedule.InverseTime(0.1f, decay: 0.5f), 18, 10, 0.01 },
        { Schedule.Polynomial(0.1f), 0, 10, 0.1 },
        { Schedule.Polynomial(0.1f), 2.5, 10, 0.075 },
        { Schedule.Polynomial(0.1f, power: 2), 5, 10, 0.025 },
        { Schedule.Polynomial(0.1f, to: 0.02f, power: 2), 5, 10, 0.04 },
        { Schedule.Polynomial(0.1f, to: 0.02f, power: 2), 12, 10, 0.02 },
        { Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.3f)), 0, 10, 0.1 },
        { Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.3f)), 1.99, 10, 0.1 },
        { Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.3f)), 2, 10, 0.05 },
        { Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.3f)), 4.5, 10, 0.3 },
        { Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.3f)), 100, 10, 0.3 },
        { Schedule.Stages(0.1f), 7, 10, 0.1 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 0, 20, 0.1 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 1, 20, 0.3 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 2, 20, 0.5 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 3.5, 20, 0.2 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 8, 20, 0.1 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4), 10, 20, 0.5 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4, factor: 0.5f), 6, 20, 0.3 },
        { Schedule.Cyclic(0.1f, 0.5f, every: 4, factor: 0.5f), 9, 20, 0.15 },
        { Schedule.OneCycle(1, rise: 0.25f), 0, 40, 0.04 },
        { Schedule.OneCycle(1, rise: 0.25f), 5, 40, 0.52 },
        { Schedule.OneCycle(1, rise: 0.25f), 10, 40, 1 },
        { Schedule.OneCycle(1, rise: 0.25f), 25, 40, 0.500002 },
        { Schedule.OneCycle(1, rise: 0.25f), 40, 40, 4e-6 },
        { Schedule.OneCycle(1, rise: 0.25f), 50, 40, 4e-6 },
        { Schedule.OneCycle(0.5f, rise: 0.5f, from: 0.1f, to: 0.3f), 1.25, 10, 0.1585786438 },
        { Schedule.OneCycle(0.5f, rise: 0.5f, from: 0.1f, to: 0.3f), 7.5, 10, 0.4 },
        { Schedule.OneCycle(0.5f, rise: 0), 0, 10, 0.5 },
        { Schedule.Warmup(2).Then(Schedule.Polynomial(0.1f)), 1, 12, 0.05 },
        { Schedule.Warmup(2).Then(Schedule.Polynomial(0.1f)), 7, 12, 0.05 },
        { Schedule.Warmup(2).Then(Schedule.Stages(0.1f, (3, 0.01f))), 4.9, 12, 0.1 },
        { Schedule.Warmup(2).Then(Schedule.Stages(0.1f, (3, 0.01f))), 5, 12, 0.01 },
        { Schedule.Warmup(2).Then(Schedule.Cyclic(0.1f, 0.5f, every: 4)), 1, 12, 0.05 },
        { Schedule.Warmup(2).Then(Schedule.Cyclic(0.1f, 0.5f, every: 4)), 4, 12, 0.5 },
        { Schedule.Warmup(2).Then(Schedule.Exponential(0.1f, decay: 0.2f)), 4.5, 12, 0.0606530660 },
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
        Assert.Equal(0.3f, Schedule.Exponential(0.3f, 1).BaseRate);
        Assert.Equal(0.3f, Schedule.InverseTime(0.3f, 1).BaseRate);
        Assert.Equal(0.3f, Schedule.Polynomial(0.3f, 0.1f).BaseRate);
        Assert.Equal(0.3f, Schedule.Stages(0.3f, (1, 0.5f)).BaseRate);
        Assert.Equal(0.3f, Schedule.Warmup(2).Then(Schedule.Cosine(0.3f)).BaseRate);
    }

    [Fact]
    public void BaseRate_ScheduleThatBeginsLow_IsTheHighestRate()
    {
        Assert.Equal(0.3f, Schedule.Cyclic(0.1f, 0.3f, 4).BaseRate);
        Assert.Equal(0.3f, Schedule.OneCycle(0.3f).BaseRate);
        Assert.Equal(0.3f, Schedule.Warmup(2).Then(Schedule.OneCycle(0.3f)).BaseRate);
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
        Assert.NotEqual(Schedule.Exponential(0.1f, 1), Schedule.InverseTime(0.1f, 1));
        Assert.Equal(Schedule.OneCycle(0.1f), Schedule.OneCycle(0.1f, from: 0.1f / 25));
    }

    [Fact]
    public void Equals_Stages_ComparesEveryStage()
    {
        (double, float)[] changes = [(2, 0.05f), (4, 0.01f)];
        Schedule stages = Schedule.Stages(0.1f, changes);
        Assert.Equal(stages, Schedule.Stages(0.1f, (2, 0.05f), (4, 0.01f)));
        Assert.Equal(stages.GetHashCode(), Schedule.Stages(0.1f, (2, 0.05f), (4, 0.01f)).GetHashCode());
        Assert.NotEqual(stages, Schedule.Stages(0.2f, (2, 0.05f), (4, 0.01f)));
        Assert.NotEqual(stages, Schedule.Stages(0.1f, (2, 0.05f), (5, 0.01f)));
        Assert.NotEqual(stages, Schedule.Stages(0.1f, (2, 0.05f)));

        // The list is the schedule's own.
        changes[0] = (3, 1);
        Assert.Equal(stages, Schedule.Stages(0.1f, (2, 0.05f), (4, 0.01f)));
    }

    [Fact]
    public void ToString_AnySchedule_ReadsAsASentence()
    {
        Assert.Equal("constant 0.1", Schedule.Constant(0.1f).ToString());
        Assert.Equal("0.1 times 0.5 every 10 epochs", Schedule.Step(0.1f, 10).ToString());
        Assert.Equal("0.1 times e^(-0.2 t)", Schedule.Exponential(0.1f, 0.2f).ToString());
        Assert.Equal("0.1 / (1 + 0.2 t)", Schedule.InverseTime(0.1f, 0.2f).ToString());
        Assert.Equal("polynomial of power 2 from 0.1 to 0", Schedule.Polynomial(0.1f, power: 2).ToString());
        Assert.Equal("0.1, from epoch 2 on 0.05, from epoch 4.5 on 0.01", Schedule.Stages(0.1f, (2, 0.05f), (4.5, 0.01f)).ToString());
        Assert.Equal("0.1 to 0.5 and back every 4 epochs", Schedule.Cyclic(0.1f, 0.5f, 4).ToString());
        Assert.Equal("0.1 to 0.5 and back every 4.5 epochs, each time 0.5 times as high", Schedule.Cyclic(0.1f, 0.5f, 4.5, 0.5f).ToString());
        Assert.Equal("one cycle from 0.02 to 0.5 at 0.3 of the training, then to 0.001", Schedule.OneCycle(0.5f, to: 0.001f).ToString());
        Assert.Equal("warm-up over 2.5 epochs, then cosine from 0.1 to 0", Schedule.Warmup(2.5).Then(Schedule.Cosine(0.1f)).ToString());
    }

    [Fact]
    public void Stages_Null_Throws() => Assert.Throws<ArgumentNullException>("changes", () => Schedule.Stages(0.1f, null!));

    [Fact]
    public void Then_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => Schedule.Warmup(2).Then(null!));
    }
}
