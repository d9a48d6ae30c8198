using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>Has a silo pass over all rows of a training before its first epoch; another one, if that one is lost.</summary>
/// <param name="client">The cluster.</param>
/// <param name="finder">Finds its silos.</param>
/// <param name="patience">How long silos may be out of reach.</param>
internal sealed class RemoteSetup(IClusterClient client, SiloFinder finder, TimeSpan patience)
{
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(1), _longestAnswer = TimeSpan.FromSeconds(10), _afterLoss = TimeSpan.FromSeconds(1);

    /// <summary>What to ask a silo; null: not all rows of the task are in files of the cluster.</summary>
    public static SetupJob? JobOf(TrainingTask task) =>
        RowUpload.InFiles(task.Rows) is not { } rows || (task.Validation is not null && RowUpload.InFiles(task.Validation) is null) ? null
        : new SetupJob(
            ClusterRun.OptionsOf(task), task.Architecture, task.Loss, task.CategoricalGroups, task.StandardizesTargets, task.ClampsPredictions, rows,
            RowUpload.InFiles(task.Validation))
        {
            // The networks of an ensemble prepare the features alike.
            KnownModel = task.KnownModel?.Networks[0],
            Continues = task.InitialModel is not null,
        };

    /// <param name="begin">Asks a silo, with the name that the answer is asked for by.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TrainingRunnerException">A silo cannot read the rows, or they are not what the task needs; or there is no silo.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<byte[]> Run(Func<IWorkerGrain, string, Task> begin, CancellationToken cancellationToken)
    {
        string name = SiloKey.NewName();
        DateTime lastSeen = DateTime.UtcNow;
        for (Exception? problem = null; ; await Task.Delay(_afterLoss, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                IReadOnlyCollection<SiloAddress> silos = await finder.Active().WaitAsync(cancellationToken).ConfigureAwait(false);
                foreach (SiloAddress silo in silos.Order())
                {
                    if (await finder.Describe(silo).WaitAsync(cancellationToken).ConfigureAwait(false) is not null)
                    {
                        SetupAnswer answer = await On(silo).ConfigureAwait(false);
                        return answer.Content ?? throw new TrainingRunnerException($"The rows cannot be prepared on the cluster: {answer.Problem}");
                    }
                }
            }
            catch (Exception exception) when (exception is not TrainingRunnerException && !cancellationToken.IsCancellationRequested)
            {
                problem = exception;
            }

            if (DateTime.UtcNow - lastSeen > patience)
            {
                throw new TrainingRunnerException("No silo of the cluster prepares the rows.", problem ?? finder.LastProblem);
            }
        }

        async Task<SetupAnswer> On(SiloAddress silo)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            IWorkerGrain worker = client.GetGrain<IWorkerGrain>(SiloKey.Of(silo.ToParsableString(), SiloKey.NewName()));
            try
            {
                await begin(worker, name).WaitAsync(_longestAnswer, cancellationToken).ConfigureAwait(false);
                while (true)
                {
                    SetupAnswer? answer = await worker.Prepared(name, _poll).WaitAsync(_longestAnswer, cancellationToken).ConfigureAwait(false);
                    lastSeen = DateTime.UtcNow;
                    if (answer is not null)
                    {
                        return answer;
                    }
                }
            }
            finally
            {
                await worker.ForgetPrepared(name).WaitAsync(_longestAnswer, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
