using MlNetMlp.Networks;

namespace MlNetMlp.Orleans.Tests.Support;

/// <summary>Small trainings in shards, each of which needs something else of the silos.</summary>
internal static class SmallTraining
{
    private static readonly Loss _loss = new SoftmaxCrossEntropy();

    public static TrainingTask Of(string course)
    {
        Loss loss = course == "weights" ? new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced } : _loss;
        var options = new MlpTrainingOptions { NumberOfEpochs = 3, BatchSize = 16, LearningRate = 0.01f, NumberOfThreads = 1, Shards = 8, Seed = 3 };
        var task = new TrainingTask(
            new MlpArchitecture(4, 3) { HiddenLayers = [new(12) { Dropout = 0.2f }, new(9) { Normalization = Normalization.Layer, Noise = 0.1f }] }, loss,
            SmallData.For(loss, 90))
        {
            Options = options,
        };
        return course switch
        {
            "validation" => task with
            {
                Validation = SmallData.For(loss, 37, seed: 2),
                Options = options with { NumberOfEpochs = 12, LearningRate = 0.05f, EarlyStopping = new() { Patience = 2 } },
            },
            "long" => task with { Options = options with { NumberOfEpochs = 60, WeightAveraging = WeightAveraging.Exponential(0.9f) } },
            "endless" => task with { Options = options with { NumberOfEpochs = 1_000_000 } },
            "shared" => task with
            {
                Options = options with
                {
                    Ensemble = Ensemble.Shared(3),
                    NumericEmbedding = new PiecewiseLinearEmbedding(),
                    FeatureScaling = FeatureScaling.Robust,
                    MissingIndicators = true,
                },
            },
            "Muon" => task with
            {
                Options = options with { Optimizer = new Muon(), GradientClipping = GradientClipping.ByNorm(0.1f), Ensemble = Ensemble.Seeds(2) },
            },
            "rule" => task with { Options = options with { NumberOfEpochs = 20, EarlyStopping = new() { Rule = StoppingRule.WeightChange(0.3) } } },
            "continued" => task with
            {
                InitialModel = MlpTrainer.Train(task).Model,
                Options = options with { EarlyStopping = new() { Patience = 1 }, LearningRate = 0.3f },
            },
            "transferred" => task with { Options = options with { TransferFrom = MlpTrainer.Train(task).Model, Seed = 4 } },
            "Rprop" => task with { Options = options with { BatchSize = 90, Optimizer = new Rprop() } },
            "local" => task with { Options = options with { LocalSteps = 4, WeightAveraging = WeightAveraging.Exponential(0.9f) } },
            "local, Muon" => task with { Options = options with { LocalSteps = 3, Optimizer = new Muon() } },
            "16 bits" => task with { Options = options with { Shards = 4, GradientPrecision = GradientPrecision.BFloat16 } },
            "one shard" => task with { Options = options with { Shards = 1 } },
            _ => task,
        };
    }

    public static Task<MlpTrainingResult> Run(string course, OrleansRunner runner, Func<TrainingTask, TrainingTask>? change = null) =>
        Task.Run(() => MlpTrainer.Train((change ?? (task => task))(Of(course)) with { Cluster = runner })).WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>All but the times.</summary>
    public static void Same(MlpTrainingResult expected, MlpTrainingResult found)
    {
        Assert.Equal(SmallData.Saved(expected.Model), SmallData.Saved(found.Model));
        Assert.Equal(Reports(expected), Reports(found));
        Assert.Equal((expected.BestEpoch, expected.End, expected.IsInitialModel), (found.BestEpoch, found.End, found.IsInitialModel));
    }

    private static IEnumerable<EpochReport> Reports(MlpTrainingResult result) => result.History.Select(report => report with { Elapsed = default });
}
