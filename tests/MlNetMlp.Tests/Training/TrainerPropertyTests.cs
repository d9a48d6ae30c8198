using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>What holds for all options of the trainers and all data, sensible or not, drawn at random; see <see cref="Property"/>.</summary>
public sealed class TrainerPropertyTests
{
    [Fact]
    public void Fit_AnyOptions_GivesFiniteScoresThatAreSavedOrADocumentedException() => Property.Holds(RandomTrainer.All, 200, trainer =>
    {
        RowsView rows = trainer.Training;
        if (Property.Outcome(trainer.Create).Result is not { } estimator ||
            Property.Outcome(() => estimator.Fit(rows, trainer.Validation, null)) is not { Result: { } transformer })
        {
            Assert.Equal(0, rows.OpenCursors);
            return false;
        }

        AssertSavedAlike(transformer, rows);
        Assert.All(RowValues.Scores(transformer.Transform(trainer.Learned)), score => Assert.True(float.IsFinite(score), $"A score is {score}."));
        Assert.Equal(0, rows.OpenCursors);
        return true;
    });

    /// <summary>What training accepts, scoring accepts: every row that was learned, or set aside to validate with, has finite scores.</summary>
    [Fact]
    public void Fit_NumbersOfAnySize_ScoresItsOwnRowsOrRefusesThem()
    {
        int cases = Property.Count(150), trained = 0;
        var failures = new List<string>();
        for (int number = 0; number < cases; number++)
        {
            var training = new ExtremeTraining(number);
            if (Property.Outcome(() => training.Create().Fit(training.Rows)).Result is not { } transformer)
            {
                continue;
            }

            trained++;
            (float[]? scores, Exception? refusal) = Property.Outcome(() => RowValues.Scores(transformer.Transform(training.LearnedRows)).ToArray());
            if (scores?.All(float.IsFinite) != true)
            {
                failures.Add($"Training {number}: {refusal?.Message ?? "a score is not finite."} {training.Options}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.InRange(trained, cases / 4, cases);
    }

    [Fact]
    public void EveryOption_IsDrawn() => Assert.Empty(Change.NeverSet(
        RandomTrainer.CommonChanges(1),
        nameof(MlpTrainerOptions.Checkpoint),
        nameof(MlpTrainerOptions.Progress),
        nameof(MlpTrainerOptions.AfterEpoch),
        nameof(MlpTrainerOptions.Cluster),

        // Needs a network of the same layers.
        nameof(MlpTrainerOptions.TransferFrom),

        // Columns that the rows would need.
        nameof(MlpTrainerOptions.ValidationColumnName),
        nameof(MlpTrainerOptions.GroupColumnName),
        nameof(MlpTrainerOptions.TimeColumnName),
        nameof(MlpTrainerOptions.CancellationToken),
        nameof(MlpTrainerOptions.ThrowOnCancellation)));

    private static void AssertSavedAlike(MlpPredictionTransformer transformer, RowsView rows)
    {
        ITransformer loaded = ModelFiles.Load(ModelFiles.Save(transformer));
        (object? scored, Exception? refusal) = Property.Outcome(() => RowValues.ReadAll(transformer.Transform(rows)));
        (object? again, Exception? refusalAgain) = Property.Outcome(() => RowValues.ReadAll(loaded.Transform(rows)));

        // Only rows that were left out may be too far from the others; scoring says so, with the row and the feature.
        Assert.Equal(refusal?.Message, refusalAgain?.Message);
        Assert.Equal(scored, again);
        if (scored is not null)
        {
            Assert.All(RowValues.Scores(transformer.Transform(rows)), score => Assert.True(float.IsFinite(score), $"A score is {score}."));
        }
    }
}
