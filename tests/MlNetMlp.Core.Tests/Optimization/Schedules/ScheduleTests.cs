using System.Globalization;

namespace MlNetMlp.Core.Tests;

public class ScheduleTests
{
    /// <summary>Schedule, epoch, planned epochs and the rate, worked out by hand.</summary>
    public static TheoryData<Schedule, double, double, double> Rates => new()
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
        { Schedule.FlatThenCosine(0.1f), 0, 10, 0.1 },
        { Schedule.FlatThenCosine(0.1f), 4.9, 10, 0.1 },
        { Schedule.FlatThenCosine(0.1f), 6.25, 10, 0.085355339059 },
        { Schedule.FlatThenCosine(0.1f), 7.5, 10, 0.05 },
        { Schedule.FlatThenCosine(0.1f), 12, 10, 0 },
        { Schedule.FlatThenCosine(0.1f, flat: 0.2f, to: 0.02f), 6, 10, 0.06 },
        { Schedule.FlatThenCosine(0.1f, flat: 0, to: 0.02f), 5, 10, 0.06 },

        // log2(1 + 15 t) is 0.5, 1, 1.5 and so on where 1 + 15 t is 2^0.5, 2, 2^1.5: peaks at the halves, zeros at the wholes.
        { Schedule.LogCosine(0.1f), 0, 15, 0 },
        { Schedule.LogCosine(0.1f), 0.41421356, 15, 0.1 },
        { Schedule.LogCosine(0.1f), 1.82842712, 15, 0.1 },
        { Schedule.LogCosine(0.1f), 4.65685425, 15, 0.1 },
        { Schedule.LogCosine(0.1f), 10.3137085, 15, 0.1 },
        { Schedule.LogCosine(0.1f), 8.51365692, 15, 0.05 },
        { Schedule.LogCosine(0.1f, cycles: 1), 0.5, 1, 0.093043097043 },
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
        { Schedule.Exponential(0.1f, decay: 0.2f).PerEpoch(), 2.01, 10, 0.0606530660 },
        { Schedule.Exponential(0.1f, decay: 0.2f).PerEpoch(), 2.99, 10, 0.0606530660 },
        { Schedule.Polynomial(0.1f).PerEpoch(), 3, 10, 0.065 },
        { Schedule.Stages(0.1f, (2.4, 0.05f)).PerEpoch(), 2, 10, 0.05 },
        { Schedule.Warmup(2).Then(Schedule.Polynomial(0.1f)).PerEpoch(), 0.1, 12, 0.025 },
        { Schedule.Warmup(2).Then(Schedule.Polynomial(0.1f)).PerEpoch(), 1.9, 12, 0.075 },
        { Schedule.Warmup(2).Then(Schedule.Polynomial(0.1f)).PerEpoch(), 3.9, 12, 0.085 },

        // The epochs are those of the training: the one from 3 to 4 has its middle one epoch behind the warm-up, the one from 2 to 3 at its end.
        { Schedule.Warmup(2.5).Then(Schedule.Polynomial(0.1f).PerEpoch()), 3.01, 12.5, 0.09 },
        { Schedule.Warmup(2.5).Then(Schedule.Polynomial(0.1f).PerEpoch()), 3.99, 12.5, 0.09 },
        { Schedule.Warmup(2.5).Then(Schedule.Polynomial(0.1f).PerEpoch()), 2.7, 12.5, 0.1 },
        { Schedule.Warmup(2.7).Then(Schedule.Polynomial(0.1f).PerEpoch()), 2.9, 12.7, 0.1 },
        { Schedule.Warmup(2.5).Then(Schedule.Polynomial(0.1f).PerEpoch()), 1, 12.5, 0.04 },
        { Schedule.Constant(0.1f).ScaledByBatchSize(64), 3, 10, 0.1 },
        { Schedule.Warmup(20).Then(Schedule.Cosine(0.2f)), 10, 10, 0.1 },
        { Schedule.Warmup(10).Then(Schedule.Cosine(0.2f)), 10, 10, 0.2 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void RateAt_Moment_EqualsHandComputedRate(Schedule schedule, double epoch, double epochs, double expected)
    {
        Assert.Equal(expected, schedule.RateAt(epoch, epochs), 1e-7 * expected);
    }

    [Fact]
    public void ReduceOnPlateau_RandomLosses_FollowsPyTorch()
    {
        // Recorded by Fixtures/record_plateaus.py; its header names the version.
        string[][] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Optimization", "Fixtures", "plateaus.csv"))
            .Skip(2).Select(line => line.Split(','))];
        Assert.Equal(200, rows.Length);
        foreach (string[][] run in rows.Chunk(40))
        {
            double[] options = [.. run[0].Take(5).Select(Number)];
            Schedule schedule = Schedule.ReduceOnPlateau(1, (float)options[0], (int)options[1], options[2], (int)options[3], (float)options[4]);
            double[] losses = [.. run.Select(row => Number(row[6]))];
            for (int epoch = 1; epoch <= run.Length; epoch++)
            {
                double expected = Number(run[epoch - 1][7]);
                Assert.Equal(expected, schedule.RateAt(epoch + 0.5, 100, losses[..epoch]), 1e-5 * expected);
            }
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(0.5, 0.125)]
    [InlineData(2.0, 0.5)]
    [InlineData(3.0, 0.5)]
    [InlineData(4.0, 0.25)]
    [InlineData(5.0, 0.25)]
    [InlineData(6.0, 0.25)]
    [InlineData(7.0, 0.125)]
    public void ReduceOnPlateau_BehindAWarmup_CountsFromItsEnd(double epoch, double expected)
    {
        // The first two epochs begin within the warm-up; from the third on: no progress in the fourth, progress in the fifth and sixth, none in the seventh.
        double[] losses = [1, 2, 8, 9, 7, 6.5, 6.5];
        Schedule schedule = Schedule.Warmup(1.25).Then(Schedule.ReduceOnPlateau(0.5f, factor: 0.5f, patience: 1));
        double rate = epoch == 0.5 ? 0.5 * 0.5 / 1.25 : expected;
        Assert.Equal(rate, schedule.RateAt(epoch, 20, losses[..(int)epoch]), 1e-7);
    }

    [Theory]
    [InlineData(64, 0.25)]
    [InlineData(256, 1)]
    [InlineData(1024, 4)]
    public void ScaledByBatchSize_AnyComposition_MultipliesRateAndBaseRateAlike(int batchSize, double factor)
    {
        Schedule plain = Schedule.Warmup(2).Then(Schedule.Cosine(0.1f).PerEpoch());
        foreach (Schedule scaled in (Schedule[])
        [
            plain.ScaledByBatchSize(), Schedule.Warmup(2).Then(Schedule.Cosine(0.1f).PerEpoch().ScaledByBatchSize()),
            Schedule.Warmup(2).Then(Schedule.Cosine(0.1f).ScaledByBatchSize().PerEpoch()),
        ])
        {
            foreach (double epoch in (double[])[0.5, 1.5, 2.5, 7.3])
            {
                var moment = new ScheduleMoment(epoch, 10);
                Assert.Equal(factor * plain.RateAt(moment), scaled.RateAt(moment, batchSize), 1e-7);
                Assert.Equal(plain.RateAt(moment) / plain.BaseRate, scaled.RateAt(moment, batchSize) / scaled.BaseRateFor(batchSize), 1e-6);
            }
        }
    }

    [Fact]
    public void BaseRate_AnySchedule_IsTheFirstRateOfTheMainPart()
    {
        Assert.Equal(0.3f, Schedule.Constant(0.3f).BaseRate);
        Assert.Equal(0.3f, Schedule.Step(0.3f, 5).BaseRate);
        Assert.Equal(0.3f, Schedule.Cosine(0.3f, 0.1f).BaseRate);
        Assert.Equal(0.3f, Schedule.FlatThenCosine(0.3f).BaseRate);
        Assert.Equal(0.3f, Schedule.Exponential(0.3f, 1).BaseRate);
        Assert.Equal(0.3f, Schedule.InverseTime(0.3f, 1).BaseRate);
        Assert.Equal(0.3f, Schedule.Polynomial(0.3f, 0.1f).BaseRate);
        Assert.Equal(0.3f, Schedule.Stages(0.3f, (1, 0.5f)).BaseRate);
        Assert.Equal(0.3f, Schedule.Warmup(2).Then(Schedule.Cosine(0.3f)).BaseRate);
        Assert.Equal(0.3f, Schedule.ReduceOnPlateau(0.3f).BaseRate);
        Assert.Equal(0.3f, Schedule.Cosine(0.3f).PerEpoch().BaseRate);
        Assert.Equal(0.3f, Schedule.Cosine(0.3f).ScaledByBatchSize().BaseRate);
    }

    [Fact]
    public void BaseRate_ScheduleThatBeginsLow_IsTheHighestRate()
    {
        Assert.Equal(0.3f, Schedule.Cyclic(0.1f, 0.3f, 4).BaseRate);
        Assert.Equal(0.3f, Schedule.LogCosine(0.3f).BaseRate);
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
        Assert.Equal(Schedule.ReduceOnPlateau(0.1f).PerEpoch(), Schedule.ReduceOnPlateau(0.1f).PerEpoch());
        Assert.NotEqual(Schedule.ReduceOnPlateau(0.1f), Schedule.ReduceOnPlateau(0.1f, cooldown: 1));
        Assert.NotEqual(Schedule.Cosine(0.1f).ScaledByBatchSize(64), Schedule.Cosine(0.1f).ScaledByBatchSize(32));
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
        Assert.Equal("0.1 times 0.5 after 3 epochs without progress", Schedule.ReduceOnPlateau(0.1f, 0.5f, 3).ToString());
        Assert.Equal("0.1 times 0.5 after 3 epochs without progress, at least 0.001", Schedule.ReduceOnPlateau(0.1f, 0.5f, 3, floor: 0.001f).ToString());
        Assert.Equal("cosine from 0.1 to 0, once per epoch", Schedule.Cosine(0.1f).PerEpoch().ToString());
        Assert.Equal("cosine from 0.1 to 0, for every 64 rows of a mini-batch", Schedule.Cosine(0.1f).ScaledByBatchSize(64).ToString());
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
