using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Scoring;

public sealed class ThreadSafetyTests
{
    [Theory]
    [MemberData(nameof(TrainerCase.Tasks), MemberType = typeof(TrainerCase))]
    public void OneTransformer_OnManyThreads_GivesTheSameBits(string name)
    {
        TrainerCase trainer = TrainerCase.Of(name);
        MlpPredictionTransformer transformer = trainer.Fit();
        IDataView shared = transformer.Transform(trainer.Data.Copy());
        SortedDictionary<Microsoft.ML.Data.DataViewRowId, string> expected = RowValues.ReadAll(transformer.Transform(trainer.Data.Copy()));

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(
            expected, RowValues.ReadAll(i % 2 == 0 ? transformer.Transform(trainer.Data.Copy()) : shared)));
    }

    [Fact]
    public void OneTrainer_FittedOnManyThreads_GivesTheSameModels()
    {
        TrainerCase trainer = TrainerCase.Of("binary");
        MlpTrainerBase estimator = trainer.Create(new MLContext(1));
        byte[] expected = ModelFiles.Network(ModelFiles.Save(estimator.Fit(trainer.Data.Copy())));

        Parallel.For(0, 16, _ => Assert.Equal(expected, ModelFiles.Network(ModelFiles.Save(estimator.Fit(trainer.Data.Copy())))));
    }

    /// <summary>The reliability trial <c>threads</c> of the benchmarks in small.</summary>
    [Fact]
    public void Predict_On64ThreadsWhileTheTransformerIsReplaced_GivesTheScoresOfOneThread()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        try
        {
            var trial = new SwappedTransformers(Path.Combine(folder.FullName, "model.zip"));
            trial.Run(threads: 64, TimeSpan.FromSeconds(1.5));

            Assert.Empty(trial.Failures);
            Assert.True(trial.Swaps > 3 && trial.Predictions > 64, $"{trial.Swaps} swaps, {trial.Predictions} predictions");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
