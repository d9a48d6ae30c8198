using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>Finds the silos of a cluster that train.</summary>
/// <param name="client">The cluster.</param>
/// <param name="version">What silos must have in common with this process.</param>
internal sealed class SiloFinder(IClusterClient client, string version)
{
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(5);

    private int _key;
    private string _name = SiloKey.NewName();

    /// <summary>Why a silo could not be asked, the last time that this happened.</summary>
    public Exception? LastProblem { get; private set; }

    /// <summary>Whether any silo has ever said what it is.</summary>
    public bool HasFound { get; private set; }

    /// <summary>The silos that the cluster takes for alive.</summary>
    /// <exception cref="TimeoutException">There is no answer.</exception>
    public async Task<IReadOnlyCollection<SiloAddress>> Active()
    {
        int key = Volatile.Read(ref _key);
        try
        {
            Dictionary<SiloAddress, SiloStatus> hosts = await client.GetGrain<IManagementGrain>(key).GetHosts(onlyActive: true).WaitAsync(_longestAnswer)
                .ConfigureAwait(false);
            return hosts.Keys;
        }
        catch
        {
            // The grain, or what knows its place, was on a silo that has died and that the cluster, if it is busy, does not give up for minutes. Another one
            // is likely to be elsewhere.
            Interlocked.CompareExchange(ref _key, key + 1, key);
            throw;
        }
    }

    /// <summary>Asks a silo what it is; null: it does not train, or cannot be reached.</summary>
    /// <exception cref="TrainingRunnerException">It has another version.</exception>
    public async Task<WorkerDescription?> Describe(SiloAddress silo)
    {
        string address = silo.ToParsableString(), name = Volatile.Read(ref _name);
        WorkerDescription description;
        try
        {
            // The hint puts the grain of a silo onto that silo.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            description = await client.GetGrain<IWorkerGrain>(SiloKey.Of(address, name)).Describe().WaitAsync(_longestAnswer).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LastProblem = exception;
            Interlocked.CompareExchange(ref _name, SiloKey.NewName(), name);
            return null;
        }

        HasFound = true;
        return description.Silo != address ? null
            : description.Version == version ? description
            : throw new TrainingRunnerException(
                $"The silo {silo} has version {description.Version} of MlNetMlp, and this program has {version}; their training runs might not be the same. " +
                "Use one version for all.");
    }
}
