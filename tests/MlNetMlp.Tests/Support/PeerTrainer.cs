using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace MlNetMlp.Tests.Support;

/// <summary>One of ML.NET's own trainers, which ours is compared with.</summary>
/// <param name="Name">The name, for the tables of the tests.</param>
/// <param name="Task">The case of <see cref="TrainerCase"/> whose rows it can learn.</param>
/// <param name="Create">Makes the trainer, for the columns <c>Label</c> and <c>Features</c>; small, and the same in every run.</param>
public sealed record PeerTrainer(string Name, string Task, Func<MLContext, IEstimator<ITransformer>> Create)
{
    private const string Binary = "binary", Multiclass = "multiclass", Regression = "regression";

    private static readonly PeerTrainer[] _all =
    [
        new("LightGbmBinary", Binary, context => context.BinaryClassification.Trainers.LightGbm(
            new LightGbmBinaryTrainer.Options { NumberOfThreads = 1, NumberOfIterations = 20, MinimumExampleCountPerLeaf = 2, Deterministic = true })),
        new("FastTreeBinary", Binary, context => context.BinaryClassification.Trainers.FastTree(
            new FastTreeBinaryTrainer.Options { NumberOfThreads = 1, NumberOfTrees = 20, MinimumExampleCountPerLeaf = 2 })),
        new("LbfgsLogisticRegression", Binary, context => context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1 })),
        new("SdcaLogisticRegression", Binary, context => context.BinaryClassification.Trainers.SdcaLogisticRegression(
            new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20 })),
        new("AveragedPerceptron", Binary, context => context.BinaryClassification.Trainers.AveragedPerceptron(numberOfIterations: 10)),

        new("LightGbmMulticlass", Multiclass, context => context.MulticlassClassification.Trainers.LightGbm(
            new LightGbmMulticlassTrainer.Options { NumberOfThreads = 1, NumberOfIterations = 20, MinimumExampleCountPerLeaf = 2, Deterministic = true })),
        new("LbfgsMaximumEntropy", Multiclass, context => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 })),
        new("SdcaMaximumEntropy", Multiclass, context => context.MulticlassClassification.Trainers.SdcaMaximumEntropy(
            new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20 })),
        new("OneVersusAllFastTree", Multiclass, context => context.MulticlassClassification.Trainers.OneVersusAll(
            context.BinaryClassification.Trainers.FastTree(
                new FastTreeBinaryTrainer.Options { NumberOfThreads = 1, NumberOfTrees = 20, MinimumExampleCountPerLeaf = 2 }))),

        new("LightGbmRegression", Regression, context => context.Regression.Trainers.LightGbm(
            new LightGbmRegressionTrainer.Options { NumberOfThreads = 1, NumberOfIterations = 20, MinimumExampleCountPerLeaf = 2, Deterministic = true })),
        new("FastTreeRegression", Regression, context => context.Regression.Trainers.FastTree(
            new FastTreeRegressionTrainer.Options { NumberOfThreads = 1, NumberOfTrees = 50, MinimumExampleCountPerLeaf = 2 })),
        new("LbfgsPoissonRegression", Regression, context => context.Regression.Trainers.LbfgsPoissonRegression(
            new LbfgsPoissonRegressionTrainer.Options { NumberOfThreads = 1 })),
        new("SdcaRegression", Regression, context => context.Regression.Trainers.Sdca(
            new SdcaRegressionTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20 })),
    ];

    /// <summary>All of them, by name, for <c>MemberData</c>.</summary>
    public static TheoryData<string> All => [.. _all.Select(peer => peer.Name)];

    public static PeerTrainer Of(string name) => _all.Single(peer => peer.Name == name);

    public static PeerTrainer Of(string task, string name) => name == "Mlp" ? Ours(task) : Of(name);

    /// <summary>Those of one task.</summary>
    public static IEnumerable<PeerTrainer> OfTask(string task) => _all.Where(peer => peer.Task == task);

    /// <summary>Our trainer for a task, in the place of one of ML.NET's.</summary>
    /// <param name="task">One of <see cref="TrainerCase.Tasks"/>.</param>
    public static PeerTrainer Ours(string task) => new("Mlp", task, context =>
        TrainerCase.Of(task).Create(context, options => options with { NumberOfEpochs = 60, LearningRate = 0.02f }));

    /// <summary>Ours and ML.NET's, as pairs of name and task.</summary>
    public static TheoryData<string, string> OursAndTheirs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (PeerTrainer trainer in _all.Concat(new[] { Binary, Multiclass, Regression }.Select(Ours)))
            {
                data.Add(trainer.Task, trainer.Name);
            }

            return data;
        }
    }
}
