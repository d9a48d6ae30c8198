namespace MlNetMlp;

/// <summary>Machines that train: see <c>OrleansRunner</c> in the package <c>MlNetMlp.Orleans</c>, the only implementation.</summary>
public interface ITrainingCluster
{
    /// <summary>Refuses what cannot be trained elsewhere, before any row is read.</summary>
    /// <exception cref="NotSupportedException">An option belongs to this program; the message names it.</exception>
    /// <exception cref="ArgumentException">An option does not go with it; the message names it.</exception>
    internal void Check(TrainingTask task);

    /// <summary>Finds out of the rows what a training must know before the first epoch, where they are; null: they are here.</summary>
    /// <param name="task">What is trained, its class weights in the weights of the rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The rows are not what the task needs; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal TrainingSetup? Prepare(TrainingTask task, CancellationToken cancellationToken);

    /// <summary>How many networks of an ensemble are worth training at the same time, at least 1.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal int NetworksAtOnce(TrainingTask task);

    /// <summary>Begins to train one network; nothing is learned yet. The rows are not read any more afterwards.</summary>
    /// <param name="task">What is trained, its class weights in the weights of the rows.</param>
    /// <param name="setup">What is known of its rows.</param>
    /// <param name="network">The network's number in its ensemble, from 0: neighbours are trained on different machines.</param>
    internal ITrainingRun Start(TrainingTask task, TrainingSetup setup, int network);
}
