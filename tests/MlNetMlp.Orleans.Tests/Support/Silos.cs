using System.Globalization;
using global::Orleans.Configuration;
using global::Orleans.Hosting;
using global::Orleans.TestingHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MlNetMlp.Orleans.Tests.Support;

/// <summary>A cluster in this process, with messages between its silos that go through memory, whose silos can be killed.</summary>
internal sealed class Silos : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly ClientReading _reading;

    private Silos(InProcessTestCluster cluster, ClientReading reading) => (_cluster, _reading) = (cluster, reading);

    /// <summary>How often the client has had a silo read rows for it.</summary>
    public int ClientReads => _reading.Count;

    /// <summary>A runner whose client was never connected: whoever calls it fails.</summary>
    public static OrleansRunner Unconnected { get; } = new(new HostApplicationBuilder().UseOrleansClient(client => client.UseLocalhostClustering()).Build()
        .Services.GetRequiredService<global::Orleans.IClusterClient>());

    public IReadOnlyList<InProcessSiloHandle> All => _cluster.Silos;

    public static async Task<Silos> Start(int count, Func<int, ClusterTrainingOptions>? options = null)
    {
        var builder = new InProcessTestClusterBuilder((short)count);
        builder.ConfigureSilo((silo, orleans) => orleans
            .Configure<ClusterMembershipOptions>(Hasty)
            .AddMemoryGrainStorage(OrleansRunner.StorageName)
            .AddMlpTraining(options?.Invoke(NumberOf(silo.SiloName)) ?? new ClusterTrainingOptions { TrainingsAtOnce = 2 }));
        var reading = new ClientReading();
        builder.ConfigureClient(client => client.AddOutgoingGrainCallFilter(reading));
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new Silos(cluster, reading);
    }

    public OrleansRunner Runner() => new(_cluster.Client);

    public OrleansRunner Runner(TimeSpan patience) => new(_cluster.Client) { Patience = patience };

    public Task Kill(InProcessSiloHandle silo) => _cluster.KillSiloAsync(silo);

    /// <summary>The training runs of a silo.</summary>
    public static SiloTrainings TrainingsOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<SiloTrainings>();

    /// <summary>The trainings that a silo has shards of.</summary>
    public static SiloShards ShardsOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<SiloShards>();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>A silo that does not answer is taken for dead within seconds.</summary>
    private static void Hasty(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 2;
        membership.NumVotesForDeathDeclaration = 1;
    }

    /// <summary>The number, from 0, at the end of a name.</summary>
    private static int NumberOf(string name) =>
        int.TryParse(new string([.. name.Reverse().TakeWhile(char.IsAsciiDigit).Reverse()]), CultureInfo.InvariantCulture, out int number) ? number : 0;

    /// <summary>Counts the calls by which a client reads rows of files.</summary>
    private sealed class ClientReading : global::Orleans.IOutgoingGrainCallFilter
    {
        private int _count;

        public int Count => _count;

        public Task Invoke(global::Orleans.IOutgoingGrainCallContext context)
        {
            if (context.InterfaceMethod is { Name: nameof(IRowFileGrain.Read) } method && method.DeclaringType == typeof(IRowFileGrain))
            {
                Interlocked.Increment(ref _count);
            }

            return context.Invoke();
        }
    }
}
