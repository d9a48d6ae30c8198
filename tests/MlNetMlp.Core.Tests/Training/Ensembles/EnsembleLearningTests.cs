namespace MlNetMlp.Core.Tests;

/// <summary>An ensemble is better than its members, on real data. The numbers in the comments were measured.</summary>
public class EnsembleLearningTests
{
    /// <summary>Bounds of the squared error and the log-loss, relative to those of the members; above them what the seeds 0 to 3 gave.</summary>
    public static TheoryData<string, Ensemble, double, double> Kinds => new()
    {
        // 0.842 to 0.859; 0.885 to 0.913.
        { "seeds", Ensemble.Seeds(5), 0.9, 0.95 },

        // 0.680 to 0.727; 0.864 to 0.885.
        { "bagging", Ensemble.Bagging(5), 0.8, 0.93 },

        // 0.920 to 0.947; 0.849 to 0.881.
        { "snapshots", Ensemble.Snapshots(4), 0.97, 0.93 },
    };

    /// <summary>A mean is never worse than its members on the average (both losses are convex): how much better shows how they differ.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_RealData_IsBetterThanItsMembersByAMargin(string _, Ensemble ensemble, double squaredError, double logLoss)
    {
        Assert.InRange(Concrete(ensemble), 0.5, squaredError);
        Assert.InRange(Digits(ensemble), 0.5, logLoss);
    }

    /// <summary>The mean squared error, relative to that of the members on the average.</summary>
    private static double Concrete(Ensemble ensemble)
    {
        InMemoryRows training = DataFile.Read("concrete", "train.csv").ForValues(), test = DataFile.Read("concrete", "test.csv").ForValues();
        var options = new MlpTrainingOptions { NumberOfEpochs = 60, NumberOfThreads = 1, LearningRate = Schedule.Cosine(0.01f), Ensemble = ensemble };
        return Compare(MlpTrainer.Train(new(new(8, 1) { HiddenLayers = [new(32), new(16)] }, new SquaredError(), training)
        {
            Options = options,
        }).Model, test,
            (scores, target) => (scores[0] - target) * (scores[0] - target));
    }

    /// <summary>The log-loss, relative to that of the members on the average.</summary>
    private static double Digits(Ensemble ensemble)
    {
        string[] classes = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];
        InMemoryRows training = DataFile.Read("optdigits", "train.csv").ForClasses(classes), test = DataFile.Read("optdigits", "test.csv").ForClasses(classes);
        var options = new MlpTrainingOptions { NumberOfEpochs = 8, NumberOfThreads = 1, Ensemble = ensemble };
        return Compare(MlpTrainer.Train(new(new(64, 10) { HiddenLayers = [new(32)] }, new SoftmaxCrossEntropy(), training)
        {
            Options = options,
        }).Model, test,
            (scores, target) => -Math.Log(scores[(int)target]));
    }

    private static double Compare(MlpModel model, InMemoryRows rows, Func<float[], float, double> loss) =>
        Evaluation.Mean(model, rows, loss) / model.Members.Average(member => Evaluation.Mean(member, rows, loss));
}
