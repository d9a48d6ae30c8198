using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>One of ML.NET's own trainers, with its defaults.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="takes">The sets that it takes part in.</param>
/// <param name="create">Makes it, with a seed and a number of threads; null: it has none for this task.</param>
internal sealed class PeerSide(
    string name, Func<QualitySet, bool> takes, Func<MLContext, QualityTask, int, int?, IEstimator<ITransformer>?> create) : MlNetSide
{
    /// <summary>All of them, the one that all are compared with first.</summary>
    public static IReadOnlyList<QualitySide> All { get; } =
    [
        new PeerSide(Reference, _ => true, LightGbm),
        new PeerSide("FastTree", set => !set.IsText, FastTree),
        new PeerSide("SDCA", _ => true, Sdca),
        new PeerSide("L-BFGS", set => set.IsText && set.Task != QualityTask.Regression, Lbfgs),
    ];

    public override string Name => name;

    public override bool Takes(QualitySet set) => takes(set);

    /// <remarks>
    /// A linear trainer says that it needs normalized features, which ML.NET leaves to the pipeline; and it gives a row with a missing value no number.
    /// So one gets what its documentation shows: means for what is missing, and all features from 0 to 1.
    /// </remarks>
    protected override IEstimator<ITransformer> Trainer(MLContext context, PreparedRows rows, int seed, int? threads)
    {
        IEstimator<ITransformer> trainer = create(context, rows.Set.Task, seed, threads)
            ?? throw new InvalidOperationException($"{name} has no trainer for {rows.Set.Task}.");
        return rows.Set.IsText || name != "SDCA"
            ? trainer
            : context.Transforms.ReplaceMissingValues("Features", replacementMode: Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode.Mean)
                .Append(context.Transforms.NormalizeMinMax("Features"))
                .Append(trainer);
    }

    private static IEstimator<ITransformer> LightGbm(MLContext context, QualityTask task, int seed, int? threads) => task switch
    {
        QualityTask.Regression => context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { Seed = seed, NumberOfThreads = threads }),
        QualityTask.Binary => context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { Seed = seed, NumberOfThreads = threads }),
        _ => context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { Seed = seed, NumberOfThreads = threads }),
    };

    private static IEstimator<ITransformer> FastTree(MLContext context, QualityTask task, int seed, int? threads)
    {
        var binary = new FastTreeBinaryTrainer.Options { Seed = seed, NumberOfThreads = threads };
        return task switch
        {
            QualityTask.Regression => context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { Seed = seed, NumberOfThreads = threads }),
            QualityTask.Binary => context.BinaryClassification.Trainers.FastTree(binary),
            _ => context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree(binary)),
        };
    }

    private static IEstimator<ITransformer> Sdca(MLContext context, QualityTask task, int seed, int? threads) => task switch
    {
        QualityTask.Regression => context.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { NumberOfThreads = threads }),
        QualityTask.Binary => context.BinaryClassification.Trainers.SdcaLogisticRegression(
            new SdcaLogisticRegressionBinaryTrainer.Options { NumberOfThreads = threads }),
        _ => context.MulticlassClassification.Trainers.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = threads }),
    };

    private static IEstimator<ITransformer>? Lbfgs(MLContext context, QualityTask task, int seed, int? threads) => task switch
    {
        QualityTask.Regression => null,
        QualityTask.Binary => context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options { NumberOfThreads = threads }),
        _ => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = threads }),
    };
}
