using MlNetMlp.Core.Tests.Properties;

namespace MlNetMlp.Core.Tests;

/// <summary>What holds for all options and data, sensible or not, drawn at random; see <see cref="Property"/>.</summary>
public class TrainingPropertyTests
{
    [Fact]
    public void Train_AnyOptions_GivesAFiniteModelOrADocumentedException() => Property.Holds(RandomTraining.All, 300, training =>
    {
        (InterruptedTraining? run, _) = Property.Outcome(training.Create);
        if (run is null || Property.Outcome(() => run.Run()).Result is not { } result)
        {
            return false;
        }

        Assert.All(result.Model.Members, member => Assert.True(Array.TrueForAll(member.Values.ToArray(), float.IsFinite), "A parameter is not finite."));
        Assert.All(result.History, report => Assert.True(
            double.IsFinite(report.TrainingLoss) && double.IsFinite(report.RunningLoss) && double.IsFinite(report.ValidationLoss ?? 0)
                && double.IsFinite(report.ValidationMetric ?? 0),
            $"Not finite: {report}"));
        AssertScoresAreFiniteAndSaved(result.Model, training.Rows);
        return true;
    });

    [Fact]
    public void Train_AnyOptionsOnTwoThreads_LearnsTheSameBits() => Property.Holds(RandomTraining.Wide, 100, training =>
    {
        if (Property.Outcome(training.Create).Result is not { } run)
        {
            return false;
        }

        var one = Property.Outcome(() => run.Run());
        var two = Property.Outcome(() => (run with { Options = run.Options with { NumberOfThreads = 2 } }).Run());
        AssertSame(one, two);
        return one.Result is not null;
    });

    [Fact]
    public void Train_AnyOptionsStoppedAndContinued_LearnsTheSameBits() => Property.Holds(RandomTraining.All, 100, training =>
    {
        if (Property.Outcome(training.Create).Result is not { } run || Property.Outcome(() => run.Run()) is not { Result: { } whole }
            || whole.History.Count == 0)
        {
            return false;
        }

        using var folder = new TemporaryFolder();
        run.Stop(folder.Path("c"), whole.History[training.Rows.Seed % whole.History.Count], everyEpochs: 1 + (training.Rows.Seed % 2));
        InterruptedTraining.AssertSame(whole, run.Run(folder.Path("c")));
        Assert.Empty(folder.Files);
        return true;
    });

    [Fact]
    public void EveryOption_IsDrawn()
    {
        Assert.Empty(RandomTraining.OptionsNeverDrawn);
        Assert.Empty(RandomLayer.OptionsNeverDrawn);
    }

    private static void AssertScoresAreFiniteAndSaved(MlpModel model, RandomRows rows)
    {
        float[] features = [.. Enumerable.Range(0, Math.Max(1, rows.Count)).SelectMany(rows.FeaturesOf)];
        MlpModel loaded = MlpModel.Load(new MemoryStream(SmallData.Saved(model)));
        (float[]? scores, Exception? refusal) = Property.Outcome(() => RandomModels.Scores(model, features));
        (float[]? again, Exception? refusalAgain) = Property.Outcome(() => RandomModels.Scores(loaded, features));

        // Finite weights can be too large for the sums of a row; scoring says so, with the row and the feature.
        Assert.Equal(refusal?.Message, refusalAgain?.Message);
        Assert.True(refusal is null or InvalidFeatureException, $"Scoring fails: {refusal}");
        Assert.True(scores is null || Array.TrueForAll(scores, float.IsFinite), "A score is not finite.");
        Assert.Equal(scores is null ? null : Bits.Of(scores), again is null ? null : Bits.Of(again));
    }

    private static void AssertSame((MlpTrainingResult? Result, Exception? Refusal) expected, (MlpTrainingResult? Result, Exception? Refusal) actual)
    {
        Assert.Equal((expected.Refusal?.GetType(), expected.Refusal?.Message), (actual.Refusal?.GetType(), actual.Refusal?.Message));
        if (expected.Result is not null)
        {
            InterruptedTraining.AssertSame(expected.Result, actual.Result!);
        }
    }
}
