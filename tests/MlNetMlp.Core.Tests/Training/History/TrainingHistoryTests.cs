using System.Globalization;

namespace MlNetMlp.Core.Tests;

public class TrainingHistoryTests
{
    [Fact]
    public void History_OfATraining_HasItsReportsItsMeasureAndItsBest()
    {
        var reports = new List<EpochReport>();
        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(4, 3), new SoftmaxCrossEntropy(), SmallData.For(new SoftmaxCrossEntropy(), 30))
        {
            Validation = SmallData.For(new SoftmaxCrossEntropy(), 20, seed: 2),
            Options = new MlpTrainingOptions { NumberOfEpochs = 4, LearningRate = 0.05f },
            Progress = new ImmediateProgress(reports.Add),
        });
        Assert.Equal(reports, result.History);
        Assert.Equal("Accuracy", result.History.MetricName);
        Assert.Equal(result.BestEpoch, result.History.Best!.Epoch);
        Assert.Equal(new TrainingHistory(reports, "Accuracy").ToSvg(), result.History.ToSvg());
    }

    [Fact]
    public void ToCsv_Reports_AreALineEachThatReadsBackAsTheSameBits()
    {
        EpochReport[] reports =
        [
            new() { Epoch = 1, NumberOfEpochs = 3, TrainingLoss = 1.0 / 3, TrainingMetric = 0.625, ValidationLoss = 2.0 / 7, ValidationMetric = 0.75,
                LearningRate = 0.001f, GradientNorm = 1e-9, Elapsed = TimeSpan.FromMilliseconds(1500), IsBest = true, RunningLoss = 0.1 + 0.2,
                Penalty = 5e-324 },
            new() { Epoch = 2, NumberOfEpochs = 3, TrainingLoss = -1e22, LearningRate = 1f / 3,
                GradientNorm = double.PositiveInfinity, Elapsed = TimeSpan.FromDays(2), Member = 3 },
        ];
        string[] lines = new TrainingHistory(reports, "Accuracy").ToCsv().Split('\n');

        Assert.Equal("Member,Epoch,TrainingLoss,TrainingMetric,RunningLoss,Penalty," +
            "ValidationLoss,ValidationMetric,LearningRate,GradientNorm,ElapsedSeconds,IsBest",
            lines[0]);
        Assert.Equal("1,1,0.3333333333333333,0.625,0.30000000000000004,5E-324,0.2857142857142857,0.75,0.001,1E-09,1.5,True", lines[1]);
        Assert.Equal("3,2,-1E+22,0,0,0,,,0.33333334,Infinity,172800,False", lines[2]);
        Assert.Equal(["", 4], new object[] { lines[3], lines.Length });
        Assert.Equal(1.0 / 3, double.Parse(lines[1].Split(',')[2], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void ToCsv_EveryPropertyOfAReport_HasAColumn()
    {
        // Except how many epochs and members were asked for, what follows from others, and what is the same of all epochs.
        string[] columns = new TrainingHistory([], "").ToCsv().TrimEnd('\n').Split(',');
        Assert.Equal(
            typeof(EpochReport).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)
                .Except(["NumberOfEpochs", "Members", "Elapsed", "MetricName"]).Order(StringComparer.Ordinal),
            columns.Except(["ElapsedSeconds"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Save_Files_HoldTheTexts()
    {
        using var folder = new TemporaryFolder();
        var history = new TrainingHistory([new() { Epoch = 1, NumberOfEpochs = 1, TrainingLoss = 0.5, LearningRate = 0.1f, GradientNorm = 1,
            Elapsed = TimeSpan.Zero, IsBest = true }], "Accuracy");
        File.WriteAllText(folder.Path("a.csv"), new string('x', 100_000));
        history.SaveCsv(folder.Path("a.csv"));
        history.SaveSvg(folder.Path("a.svg"));
        Assert.Equal(history.ToCsv(), File.ReadAllText(folder.Path("a.csv")));
        Assert.Equal(history.ToSvg(), File.ReadAllText(folder.Path("a.svg")));
        Assert.ThrowsAny<IOException>(() => history.SaveSvg(folder.Path(Path.Combine("missing", "a.svg"))));
    }

    [Fact]
    public void Constructor_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new TrainingHistory(null!, ""));
        Assert.Throws<ArgumentNullException>(() => new TrainingHistory([], null!));
    }
}
