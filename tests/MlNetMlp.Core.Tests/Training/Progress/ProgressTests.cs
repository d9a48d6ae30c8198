using System.Globalization;

namespace MlNetMlp.Core.Tests;

/// <summary>What people see of a training while it runs.</summary>
public sealed class ProgressTests
{
    private static readonly EpochReport _report = new()
    {
        Epoch = 12,
        NumberOfEpochs = 50,
        TrainingLoss = 0.48123456,
        TrainingMetric = 0.75,
        ValidationLoss = 0.5021,
        ValidationMetric = 0.8312,
        LearningRate = 0.0018f,
        GradientNorm = 0.321,
        Elapsed = TimeSpan.FromSeconds(3),
        MetricName = "Accuracy",
    };

    [Fact]
    public void Report_IsALine()
    {
        Assert.Equal(
            "Epoch 12/50: training loss 0.48123, training Accuracy 0.75, validation loss 0.5021, validation Accuracy 0.8312, learning rate 0.0018, " +
            "gradient norm 0.321, 3.0 s", _report.ToString());
        Assert.Equal(
            "Member 2/3, epoch 12/50: training loss 0.48123, training Accuracy 0.75, learning rate 0.0018, gradient norm 0.321, 3.0 s, best so far",
            (_report with { ValidationLoss = null, ValidationMetric = null, Member = 2, Members = 3, IsBest = true }).ToString());
    }

    // Of 50 epochs 12 are 24 %, and the rest takes 3 * 38 / 12 = 9.5 seconds.
    [Theory]
    [InlineData(140, "epoch 12/50 #######.......................  loss 0.4812  validation 0.5021  Accuracy 0.8312  best 9  10 s left")]
    [InlineData(88, "epoch 12/50 ##......  loss 0.4812  validation 0.5021  Accuracy 0.8312  best 9  10 s left")]
    [InlineData(87, "epoch 12/50 ####...........  loss 0.4812  validation 0.5021  Accuracy 0.8312  10 s left")]
    [InlineData(80, "epoch 12/50 ##......  loss 0.4812  validation 0.5021  Accuracy 0.8312  10 s left")]
    [InlineData(60, "epoch 12/50 ####............  loss 0.4812  validation 0.5021")]
    [InlineData(30, "epoch 12/50 ####..............")]
    [InlineData(5, "epoch")]
    public void Line_HasWhatThereIsPlaceFor(int width, string expected)
    {
        string line = ProgressLine.Of(_report, _report with { Epoch = 9 }, width, hasUnicode: false);
        Assert.InRange(line.Length, 0, width);
        Assert.Equal(expected, line);
    }

    [Fact]
    public void Line_OfALongTraining_CountsAllMembers()
    {
        EpochReport report = _report with
        {
            ValidationLoss = null,
            ValidationMetric = null,
            Member = 2,
            Members = 4,
            Epoch = 50,
            Elapsed = TimeSpan.FromHours(4),
        };
        Assert.Equal(
            "member 2/4, epoch 50/50 \u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501\u2501" +
            "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500  loss 0.4812  Accuracy 0.75  4.0 h left",
            ProgressLine.Of(report, null, 100, hasUnicode: true));
        Assert.EndsWith("10 min left", ProgressLine.Of(report with { Elapsed = TimeSpan.FromMinutes(9.5) }, null, 100, false), StringComparison.Ordinal);
        Assert.EndsWith("5.5 s", ProgressLine.Of(report with { Member = 4, Elapsed = TimeSpan.FromSeconds(5.5) }, null, 100, false), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_HasAPoint_InEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Contains("loss 0.4812", ProgressLine.Of(_report, null, 100, hasUnicode: false), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Lines_AreThoseOfTheReports_AndTheEnd()
    {
        using var text = new StringWriter();
        MlpTrainingResult result = Train(TrainingProgress.To(text));
        Assert.Equal(
            [.. result.History.Select(report => report.ToString()), .. result.Sentences(), ""],
            text.ToString().Split(Environment.NewLine));
        Assert.Contains(", training Accuracy ", result.History[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LiveLine_IsWrittenOver_UntilTheEnd()
    {
        using var text = new StringWriter();
        var progress = new LiveProgress(text, () => 60, hasUnicode: false);
        MlpTrainingResult result = Train(progress);
        string[] lines = text.ToString().Split(Environment.NewLine);
        Assert.Equal([.. result.Sentences(), ""], lines[1..]);

        // What was there before is overwritten to its end, and the last epoch is shown however fast the epochs were.
        string[] states = lines[0].Split('\r')[1..];
        Assert.StartsWith("epoch 1/5 ", states[0], StringComparison.Ordinal);
        Assert.StartsWith("epoch 5/5 ######", states[^1], StringComparison.Ordinal);
        Assert.All(states.Zip(states.Skip(1)), pair => Assert.True(pair.Second.Length >= pair.First.TrimEnd().Length));
        Assert.All(states, state => Assert.InRange(state.Length, 1, 59));
    }

    [Fact]
    public void LiveLine_EndsWithTheLine_WhereATrainingFails()
    {
        using var text = new StringWriter();
        Assert.Throws<TimeZoneNotFoundException>(() => Train(new LiveProgress(text, () => 60, false), _ => throw new TimeZoneNotFoundException()));
        Assert.Equal("", text.ToString());
        Assert.Throws<TimeZoneNotFoundException>(() => Train(new LiveProgress(text, () => 60, false), epoch =>
            epoch.Report.Epoch == 2 ? throw new TimeZoneNotFoundException() : EpochDecision.Continue));
        Assert.EndsWith(Environment.NewLine, text.ToString(), StringComparison.Ordinal);
    }

    private static MlpTrainingResult Train(IProgress<EpochReport> progress, Func<EpochEnd, EpochDecision>? afterEpoch = null)
    {
        var loss = new SoftmaxCrossEntropy();
        return MlpTrainer.Train(new(new(4, 3) { HiddenLayers = [new(6)] }, loss, SmallData.For(loss, 50))
        {
            Options = new() { NumberOfEpochs = 5, BatchSize = 16, NumberOfThreads = 1 },
            Progress = progress,
            AfterEpoch = afterEpoch,
        });
    }
}
