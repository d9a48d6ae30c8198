using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Trains the members of an ensemble one after the other, each with all threads.</summary>
/// <param name="ensemble">Which members.</param>
/// <param name="training">The training of a single network that they are variations of.</param>
/// <param name="initial">The model to continue from, or null.</param>
/// <param name="team">The threads.</param>
/// <param name="checkpoint">Keeps the finished members and the one in work, or null.</param>
/// <param name="progress">Told of every epoch of every member that is run.</param>
internal sealed class EnsembleTraining(
    Ensemble ensemble,
    NetworkTraining training,
    MlpModel? initial,
    ThreadTeam team,
    CheckpointKeeper? checkpoint,
    IProgress<EpochReport>? progress)
{
    /// <summary>2^32 divided by the golden ratio, odd: no two members have the same seed.</summary>
    private const uint SeedStep = 0x9E3779B9;

    private readonly List<MlpTrainingResult> _members = checkpoint?.Finished(training) ?? [];
    private readonly List<EpochReport> _history = [];

    /// <summary>
    /// Trains all members, but those that a checkpoint holds. Cancelled, it returns those that were completed, or else the first as far as
    /// it came; the epochs of a member that
    /// is left out stay in the history.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled, and the options ask for the exception or no mini-batch was learned yet.</exception>
    public MlpTrainingResult Run()
    {
        _history.AddRange(_members.SelectMany(member => member.History));
        bool goesOn = true;
        while (goesOn && _members.Count < ensemble.Members)
        {
            goesOn = TrainNext();
        }

        TrainingEnd end = !goesOn ? TrainingEnd.Cancelled
            : _members.Exists(member => member.End == TrainingEnd.StoppedEarly) ? TrainingEnd.StoppedEarly
            : TrainingEnd.Completed;
        return new MlpTrainingResult(
            MlpModel.Average([.. _members.Select(member => member.Model)]), new TrainingHistory(_history, training.Loss.MetricName), BestEpoch: 0, end)
        { Members = _members };
    }

    /// <summary>Returns false if the member was cancelled on the way.</summary>
    private bool TrainNext()
    {
        try
        {
            MlpTrainingResult result = MlpTrainer.TrainNetwork(Next(), team, checkpoint, progress);
            _history.AddRange(result.History);
            bool isWhole = result.End != TrainingEnd.Cancelled;
            if (isWhole || _members.Count == 0)
            {
                _members.Add(result);
            }

            if (isWhole)
            {
                checkpoint?.Add(result);
            }

            return isWhole;
        }
        catch (OperationCanceledException) when (_members.Count > 0 && !training.Options.ThrowOnCancellation
            && training.CancellationToken.IsCancellationRequested)
        {
            // Before its first mini-batch.
            return false;
        }
    }

    private NetworkTraining Next()
    {
        int number = _members.Count;
        int seed = unchecked((int)((uint)training.Options.Seed + (uint)number * SeedStep));
        NetworkTraining own = training with { Options = training.Options with { Seed = seed }, Member = number + 1, Members = ensemble.Members };
        return ensemble.Member(own, number, number > 0 ? _members[^1].Model : null, initial);
    }
}
