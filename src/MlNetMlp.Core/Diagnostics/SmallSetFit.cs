using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>An attempt to memorize a handful of rows, with everything switched off that is there to prevent it.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Start">The mean loss of outputs of zero.</param>
/// <param name="Own">The least loss with the optimizer and the rate of the options; infinite if it diverged.</param>
/// <param name="Other">The least loss with AdamW at 0.003, where the own one did not do; else null.</param>
/// <param name="Steps">The number of steps of the last attempt.</param>
internal sealed record SmallSetFit(int Rows, double Start, SmallSetFit.Attempt Own, SmallSetFit.Attempt? Other, int Steps)
{
    public const int MostRows = 20;
    public const int MostSteps = 500;

    /// <summary>The part of the starting loss that counts as near to zero.</summary>
    private const double Part = 0.1;

    /// <param name="Loss">The least mean loss; infinite if the training diverged.</param>
    /// <param name="Fits">Whether that is near to zero and, of classes, all are right.</param>
    /// <param name="Steps">The number of steps.</param>
    internal sealed record Attempt(double Loss, bool Fits, int Steps);

    /// <returns>Null if there are not two different targets among the rows: a constant is no proof of anything.</returns>
    public static SmallSetFit? Try(TrainingTask task, InMemoryRows rows, SeededRandom random)
    {
        Loss loss = task.Loss.ForPerfectFit;
        if (Choose(rows, loss, random) is not { } few)
        {
            return null;
        }

        MlpTrainingOptions options = task.Options with
        {
            NumberOfEpochs = MostSteps,
            BatchSize = few.Count,
            LearningRate = task.Options.LearningRate.BaseRate,
            L1Regularization = 0,
            L2Regularization = 0,
            OrthogonalityRegularization = 0,
            OutputL1Regularization = null,
            OutputL2Regularization = null,
            Constraint = null,
            OutputConstraint = null,
            WeightAveraging = null,
            EarlyStopping = null,
            Metric = null,
            Augmentation = null,
            ClassBalancedBatches = false,
            Ensemble = null,
            Checkpoint = null,
            MaximumTrainingTime = null,
            ThrowOnCancellation = false,
        };

        // The rows are their own validation set: that is the loss of the network as it scores.
        var attempt = new TrainingTask(WithoutRegularization(task.Architecture), loss, few)
        {
            Validation = few,
            Options = options,
            CancellationToken = task.CancellationToken,
        };
        double start = StartingLoss(attempt);
        Attempt own = Train(attempt, start);
        Attempt? other = own.Fits ? null
            : Train(attempt with { Options = options with { Optimizer = new AdamW(), LearningRate = 0.003f } }, start);
        return new(few.Count, start, own, other, (other ?? own).Steps);
    }

    private static MlpArchitecture WithoutRegularization(MlpArchitecture architecture) => architecture with
    {
        InputDropout = 0,
        InputNoise = 0,
        HiddenLayers =
        [
            .. architecture.HiddenLayers.Select(layer => layer.ForModel with { Dropout = 0, DropConnect = 0, Noise = 0, ActivityRegularization = 0 }),
        ],
    };

    private static Attempt Train(TrainingTask task, double start)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(task.CancellationToken);
        double least = double.PositiveInfinity;
        bool fits = false;
        int steps = 0;
        var progress = new Watcher(report =>
        {
            least = Math.Min(least, report.ValidationLoss!.Value);
            bool isRight = task.Loss.Task == LossTask.Regression || report.ValidationMetric == 1;
            fits = isRight && (start > 0 ? report.ValidationLoss <= Part * start : task.Loss.Task != LossTask.Regression);
            steps = report.Epoch;
            if (fits)
            {
                enough.Cancel();
            }
        });
        try
        {
            MlpTrainer.Train(task with { Progress = progress, CancellationToken = enough.Token });
        }
        catch (TrainingDivergedException)
        {
        }

        task.CancellationToken.ThrowIfCancellationRequested();
        return new(least, fits, steps);
    }

    /// <summary>Rows with different features, each of weight 1, the classes taking turns.</summary>
    private static InMemoryRows? Choose(InMemoryRows rows, Loss loss, SeededRandom random)
    {
        var queues = new SortedDictionary<int, Queue<(float[] Features, float[] Targets)>>();
        var seen = new HashSet<float[]>(SameBits.Comparer);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        random.Shuffle(order);
        foreach ((_, RowBatch row) in new RowSubset(rows, order).InBlocks(1))
        {
            float[] features = row.Features.ToArray(), targets = row.Targets.ToArray();
            if (row.Weights[0] > 0 && seen.Add(features))
            {
                int group = loss is ClassificationLoss classes ? classes.ClassOf(targets[0]) : 0;
                queues.TryAdd(group, new());
                queues[group].Enqueue((features, targets));
            }
        }

        var chosen = new InMemoryRows(rows.FeatureCount, rows.TargetCount);
        var different = new HashSet<float[]>(SameBits.Comparer);
        for (int turn = 0; turn < MostRows; turn++)
        {
            foreach (Queue<(float[] Features, float[] Targets)> queue in queues.Values.Where(queue => queue.Count > 0 && chosen.Count < MostRows))
            {
                (float[] features, float[] targets) = queue.Dequeue();
                chosen.Add(features, targets);
                different.Add(targets);
            }
        }

        return different.Count > 1 ? chosen : null;
    }

    private static double StartingLoss(TrainingTask task)
    {
        using var team = new ThreadTeam(1);
        TrainingSetup setup = TrainingSetup.Of(task with { Validation = null }, CancellationToken.None);
        return new NetworkProbe(task, setup, default, team).MeanLossOfConstant(new float[task.Architecture.OutputSize]);
    }
}
