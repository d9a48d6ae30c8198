using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MlNetMlp.Search;

/// <summary>Finds the silos of a cluster that train.</summary>
/// <param name="client">The cluster.</param>
/// <param name="version">What silos must have in common with this process.</param>
internal sealed class SiloFinder(IClusterClient client, string version)
{
    private static readonly TimeSpan _longestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Why a silo could not be asked, the last time that this happened.</summary>
    public Exception? LastProblem { get; private set; }

    /// <summary>The silos that the cluster takes for alive.</summary>
    public async Task<IReadOnlyCollection<SiloAddress>> Active() =>
        (await client.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).ConfigureAwait(false)).Keys;

    /// <summary>Asks a silo what it is; null: it does not train, or cannot be reached.</summary>
    /// <exception cref="TrainingRunnerException">It has another version.</exception>
    public async Task<WorkerDescription?> Describe(SiloAddress silo)
    {
        string key = silo.ToParsableString();
        WorkerDescription description;
        try
        {
            // The hint puts the grain of a silo onto that silo.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            description = await client.GetGrain<IWorkerGrain>(key).Describe().WaitAsync(_longestAnswer).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LastProblem = exception;
            return null;
        }

        return description.Silo != key ? null
            : description.Version == version ? description
            : throw new TrainingRunnerException(
                $"The silo {silo} has version {description.Version} of MlNetMlp, and this program has {version}; their training runs might not be the same. " +
                "Use one version for all.");
    }
}
