using System.Diagnostics;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>Trains a multilayer perceptron by gradient descent with back-propagation (Rumelhart, Hinton and Williams, 1986).</summary>
public static class MlpTrainer
{
    /// <summary>Trains a network, or an ensemble, and returns the model of its best epoch.</summary>
    /// <param name="task">The network, the loss, the rows and the options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="task"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The rows do not fit the architecture, the loss or the options, there are none, all weights are zero, options contradict each other, the initial
    /// model has another shape or another number of networks, or there are fewer epochs than cycles of <see cref="Ensemble.Snapshots"/>.
    /// </exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint belongs to another training run.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read or written, or another training uses it.</exception>
    /// <exception cref="InvalidFeatureException">A feature is one that the options refuse.</exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss, the validation loss or a parameter is no longer finite; or, at the end, the best parameters are finite, but not a weight into which some
    /// of them, and the units of the targets, are multiplied for scoring.
    /// </exception>
    /// <exception cref="TimeoutException">
    /// <see cref="MlpTrainingOptions.MaximumTrainingTime"/> was over before a mini-batch was learned from.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The training was cancelled, and the options ask for the exception or no mini-batch has been learned from yet.
    /// </exception>
    public static MlpTrainingResult Train(TrainingTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        MlpTrainingResult? result = null;
        try
        {
            return result = Run(task);
        }
        finally
        {
            (task.Progress as IEndingProgress)?.End(result);
        }
    }

    /// <summary>What the first layer would see of the features, learned from the rows without a training; see <see cref="MlpModel.Features"/>.</summary>
    /// <param name="task">What would be trained.</param>
    /// <inheritdoc cref="Train" path="/exception"/>
    internal static MlpModel Prepare(TrainingTask task)
    {
        TrainingChecks.Check(task);
        TrainingSetup setup = TrainingSetup.Of(task, task.CancellationToken);
        return HiddenFeatures.Of(setup.Architecture, setup.Standardizer);
    }

    private static MlpTrainingResult Run(TrainingTask task)
    {
        TrainingChecks.Check(task);
        TrainingChecks.CheckPruning(task);
        task.Cluster?.Check(task);
        using CheckpointKeeper? checkpoint = CheckpointKeeper.Open(task);
        CancellationToken preparing = checkpoint?.Preparing(task) ?? task.CancellationToken;
        TrainingTask weighted = task.WithClassWeights(preparing);
        Stopwatch clock = Stopwatch.StartNew();
        TrainingSetup setup = task.Cluster?.Prepare(weighted, preparing) ?? TrainingSetup.Of(weighted, preparing);
        weighted = weighted with { Architecture = setup.Architecture };
        TrainingChecks.CheckRowsToNormalize(task.Architecture, task.Rows.Count, setup.RowsWithWeight);
        using ThreadTeam team = task.StartThreads();
        using var limit = new TimeLimit(task, clock.Elapsed + (checkpoint?.Elapsed ?? TimeSpan.Zero));
        var training = new NetworkTraining(weighted with { CancellationToken = limit.Token }, setup, team, checkpoint, clock)
        {
            Preparing = preparing,
            Limit = limit,
        };
        EnsembleTraining? ensemble = task.Options.EnsembleOfNetworks is { } networks ? new(networks, training) : null;
        MlpTrainingResult result;
        try
        {
            result = ensemble?.Run() ?? training.Run();
        }
        catch (OperationCanceledException exception) when (limit.HasCaused(exception))
        {
            TimeSpan? most = task.Options.MaximumTrainingTime;
            throw new TimeoutException(FormattableString.Invariant(
                $"{nameof(MlpTrainingOptions.MaximumTrainingTime)} is {most}, which was over before a mini-batch was learned from."), exception);
        }

        ScoreChecks.Check(result, weighted, setup.LargestFeature);
        if (task.Options.Ensemble?.KeptSharedMembers is { } kept)
        {
            CancellationToken pruning = task.Options.ThrowOnCancellation ? limit.Caller : CancellationToken.None;
            result = new MemberPruning(weighted, setup.Targets, kept)
                .Prune(result, number => (ensemble is null ? weighted.Validation : ensemble.ValidationOf(number, pruning))!, pruning);
        }

        result = ensemble?.WithHeldOut(result) ?? result;
        if (!result.IsCut)
        {
            checkpoint?.Discard();
        }

        return result;
    }
}
