using Microsoft.ML;
using Orleans.Hosting;

namespace MlNetMlp.Search;

/// <summary>Training runs on the silos of a Microsoft Orleans cluster: <c>new SearchOptions { Runner = new OrleansRunner(clusterClient) }</c>.</summary>
/// <remarks>
/// <para>
/// The trials, and the model, are the same, bit for bit, as on threads of one process, whatever the number of silos, however fast they are and
/// whatever dies in between. Each training run has one thread; of a cross-validation, the folds run side by side. A trial that fails on a silo has the
/// message of its error as an <see cref="InvalidOperationException"/>.
/// </para>
/// <para>
/// Options, rows and results are sent as versioned data, and a silo runs no code of the client's: metrics of your own, augmentations by a function,
/// checkpoints and folders are refused before anything starts. Preprocessing is fitted here, and only the columns that the trainer reads are sent, once
/// to each silo, which keeps them on its disk.
/// </para>
/// <para>
/// The training runs of a silo that dies run again on others. Finished ones are in the cluster's storage until the search is complete: the same
/// search (the same rows, options and seed), started again after its client was killed or cancelled it, goes on where it was; results of one that is
/// never completed stay in the storage. The model at the end is trained here.
/// </para>
/// <para>
/// <see cref="RowStorage.Automatic()"/>, the default of <see cref="MlpTrainerOptions.RowStorage"/>, looks at the memory of the silo: where rows fit into half
/// of it here and not there, or the other way round, and are more than 64 MiB, say where they are kept.
/// </para>
/// </remarks>
public sealed class OrleansRunner : TrainingRunner, ITrainingCluster, IDisposable
{
    /// <summary>The name of the grain storage for results, which every silo has.</summary>
    public const string StorageName = TrainingStorage.Name;

    private readonly IClusterClient _client;
    private readonly LocalSilos? _silos;

    /// <summary>Trains on a cluster, whose silos were built with <see cref="MlpSiloBuilderExtensions.AddMlpTraining"/>.</summary>
    /// <param name="client">A client of the cluster, which is connected and stays the caller's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    public OrleansRunner(IClusterClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
    }

    private OrleansRunner(LocalSilos silos)
        : this(silos.Client) => _silos = silos;

    /// <summary>The rows of the trainings that are under way.</summary>
    internal TrainingContent Content { get; } = new();

    /// <summary>Starts silos in this process, which share its processors: to try things out, and for tests. Disposing of the runner stops them.</summary>
    /// <param name="silos">The number of silos, at least 1.</param>
    /// <param name="options">How each of them trains. Null: the defaults, with a share of the processors and of the memory.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="silos"/> is less than 1.</exception>
    public static OrleansRunner Local(int silos = 1, ClusterTrainingOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(silos, 1);
        var defaults = new ClusterTrainingOptions();
        options ??= defaults with
        {
            TrainingsAtOnce = Math.Max(1, defaults.TrainingsAtOnce / silos),
            MemoryLimit = Math.Max(1, defaults.MemoryLimit / silos),
        };
        return new OrleansRunner(Task.Run(() => LocalSilos.StartAsync(silos, options)).GetAwaiter().GetResult());
    }

    /// <summary>How long silos may be out of reach, or none may be there, before a search ends with an exception. Default a minute.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What silos and clients must have in common.</summary>
    internal string Version { get; init; } = TrainingVersion.Current;

    /// <summary>Opens files of rows that every silo can read, so that a training on the cluster does not have to send them.</summary>
    /// <param name="files">Their paths below <see cref="ClusterTrainingOptions.RowFileFolder"/> of the silos, in the order of their rows.</param>
    /// <param name="format">How they are laid out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The rows, for a <see cref="TrainingTask"/> whose <see cref="TrainingTask.Cluster"/> is this runner.</returns>
    /// <exception cref="ArgumentException">There are no files.</exception>
    /// <exception cref="TrainingRunnerException">A silo cannot read a file; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ClusterRows OpenFiles(IEnumerable<string> files, RowFileFormat format, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(format);
        string[] paths = [.. files];
        if (paths.Length == 0)
        {
            throw new ArgumentException("There are no files.", nameof(files));
        }

        try
        {
            return Task.Run(() => ClusterRows.Open(_client, Ask, paths, format, cancellationToken), cancellationToken).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new TrainingRunnerException($"The files cannot be read on the cluster: {exception.Message}", exception);
        }
    }

    /// <summary>Stops the silos of <see cref="Local"/>; a client that was given goes on.</summary>
    public void Dispose() => _silos?.Dispose();

    /// <summary>For example <c>OrleansRunner of 2 local silos</c>.</summary>
    public override string ToString() =>
        nameof(OrleansRunner) + (_silos is null ? "" : FormattableString.Invariant($" of {_silos.Count} local silos"));

    /// <inheritdoc/>
    void ITrainingCluster.Check(TrainingTask task)
    {
        MlpTrainingOptions options = task.Options;
        ShardJob.CheckSettings(ClusterRun.OptionsOf(task), task.Architecture, task.Loss);
        if (task.Rows.IsSparse)
        {
            throw new ArgumentException(
                "The rows are sparse, and only dense ones are sent to a cluster; in a trainer of ML.NET, SparseFeatures must not be true.");
        }

        if (options.ClassBalancedBatches)
        {
            throw new ArgumentException("ClassBalancedBatches is true, which needs the classes of all rows; on a cluster it must be false.");
        }
    }

    /// <inheritdoc/>
    TrainingSetup? ITrainingCluster.Prepare(TrainingTask task, CancellationToken cancellationToken)
    {
        if (RemoteSetup.JobOf(task) is not { } job)
        {
            return null;
        }

        byte[] bytes = job.ToBytes();
        return job.ReadAnswer(OfAllRows((worker, name) => worker.Prepare(name, bytes), cancellationToken));
    }

    /// <inheritdoc/>
    int ITrainingCluster.NetworksAtOnce(TrainingTask task)
    {
        var finder = new SiloFinder(_client, Version);
        try
        {
            string[] silos = Task.Run(() => ShardAttempt.FindSilos(finder, task.CancellationToken), task.CancellationToken).GetAwaiter().GetResult();
            return Math.Max(1, silos.Length / task.Options.Shards);
        }
        catch (Exception exception) when (exception is not TrainingRunnerException && !task.CancellationToken.IsCancellationRequested)
        {
            // Whoever starts a training has more patience.
            return 1;
        }
    }

    /// <inheritdoc/>
    ITrainingRun ITrainingCluster.Start(TrainingTask task, TrainingSetup setup, int network) =>
        ClusterRun.Start(_client, new SiloFinder(_client, Version), Patience, task, setup, network, Content);

    internal override void Check(TrainingPlan plan) => TrainingRequest.Check(plan);

    internal override TrainingSession Start(TrainingPlan plan, IReadOnlyList<FoldViews> folds, CancellationToken cancellationToken)
    {
        var content = new ContentStore(Path.GetTempPath(), long.MaxValue);
        try
        {
            var rows = new RemoteRows(RemoteRows.ColumnsOf(plan.Options), content.Add);
            (RowChoice Training, RowChoice Test)[] choices =
                [.. folds.Select(fold => (rows.Write(fold.Training, cancellationToken), rows.Write(fold.Test, cancellationToken)))];
            var requests = new TrainingRequests(plan.Task, plan.Metric!, choices);
            var session = new ClusterSession(
                _client, requests, content, requests.NameOfSearch(plan.Options, Version), new SiloFinder(_client, Version), Patience);

            // Not in the context of the caller, which may have one thread alone.
            Task.Run(() => session.StartAsync(cancellationToken), cancellationToken).GetAwaiter().GetResult();
            return session;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private byte[] Ask(RowQuestion question, CancellationToken cancellationToken)
    {
        byte[] bytes = question.ToBytes();
        return OfAllRows((worker, name) => worker.Ask(name, bytes), cancellationToken);
    }

    /// <summary>What a silo finds out of all rows.</summary>
    private byte[] OfAllRows(Func<IWorkerGrain, string, Task> begin, CancellationToken cancellationToken)
    {
        var setup = new RemoteSetup(_client, new SiloFinder(_client, Version), Patience);
        return Task.Run(() => setup.Run(begin, cancellationToken), cancellationToken).GetAwaiter().GetResult();
    }
}
