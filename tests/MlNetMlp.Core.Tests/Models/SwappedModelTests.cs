namespace MlNetMlp.Core.Tests;

/// <summary>The reliability trial <c>threads</c> of the benchmarks in small.</summary>
public sealed class SwappedModelTests
{
    [Fact]
    public void Predict_On64ThreadsWhileTheModelIsReplaced_GivesTheBitsOfOneThread()
    {
        using var folder = new TemporaryFolder();
        MlpModel[] models = [.. Enumerable.Range(1, 3).Select(Trained)];
        var trial = new SwappedModels(folder.Path("model.mlp"));

        trial.Run(models, threads: 64, TimeSpan.FromSeconds(1.5));

        Assert.Empty(trial.Failures);
        Assert.True(trial.Swaps > 3 && trial.Predictions > 64, $"{trial.Swaps} swaps, {trial.Predictions} predictions");
        Assert.Equal(["model.mlp"], folder.Files);
    }

    private static MlpModel Trained(int seed)
    {
        var loss = new SoftmaxCrossEntropy();
        var architecture = new MlpArchitecture(4, 3) { HiddenLayers = [new(40) { Normalization = Normalization.Layer }, new(30)] };
        return MlpTrainer.Train(new(architecture, loss, SmallData.For(loss, 60))
        {
            Options = new()
            {
                NumberOfEpochs = 2,
                Seed = seed,
                NumberOfThreads = 1
            }
        }).Model;
    }
}
