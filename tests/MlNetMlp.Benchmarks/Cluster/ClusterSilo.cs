using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MlNetMlp.Search;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>A silo of <see cref="SiloProcesses"/>: a process of its own, which ends when nobody writes to it any more.</summary>
internal static class ClusterSilo
{
    /// <summary>The name of the cluster and of its service.</summary>
    public const string Name = "benchmark";

    /// <summary>What the port for clients is above that for silos.</summary>
    public const int ToClients = 1000;

    /// <summary>What the log has for a training run that begins, and for one that ends.</summary>
    public const char Begun = '+', Ended = '-';

    /// <param name="port">The port of silo 0 for silos.</param>
    /// <param name="number">The number of the silo, from 0.</param>
    /// <param name="trainingsAtOnce">The training runs at the same time.</param>
    /// <param name="log">The file that receives a character for every training run that begins or ends.</param>
    /// <param name="files">The folder of the files of rows; empty: there are none.</param>
    /// <param name="address">The address of the silo, if it is not this machine's alone.</param>
    /// <param name="redis">The connection string of the Redis in which silos find each other; empty: silo 0 knows which there are.</param>
    public static async Task<int> Run(int port, int number, int trainingsAtOnce, string log, string files, string address, string redis)
    {
        using var lines = new FileStream(log, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "mlnetmlp.trainings.running")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, count, _, _) =>
        {
            lock (lines)
            {
                lines.WriteByte((byte)(count > 0 ? Begun : Ended));
            }
        });
        listener.Start();
        var options = new ClusterTrainingOptions { TrainingsAtOnce = trainingsAtOnce, RowFileFolder = files.Length > 0 ? files : null };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterMembershipOptions>(Hasty).AddMlpTraining(options);
            if (redis.Length == 0)
            {
                silo.UseLocalhostClustering(port + number, port + number + ToClients, new IPEndPoint(IPAddress.Loopback, port), Name, Name)
                    .AddMemoryGrainStorage(OrleansRunner.StorageName);
                return;
            }

            ConfigurationOptions store = ConfigurationOptions.Parse(redis);
            silo.Configure<ClusterOptions>(Identify)
                .ConfigureEndpoints(IPAddress.Parse(address), port + number, port + number + ToClients)
                .UseRedisClustering(clustering => clustering.ConfigurationOptions = store)
                .AddRedisGrainStorage(OrleansRunner.StorageName, storage => storage.ConfigurationOptions = store);
        });
        using IHost host = builder.Build();
        await host.StartAsync();

        // A silo that the others have given up stops by itself.
        await Task.WhenAny(Console.In.ReadToEndAsync(), host.WaitForShutdownAsync());
        return 0;
    }

    /// <summary>Which cluster a silo or a client belongs to.</summary>
    public static void Identify(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Name, Name);

    /// <summary>A silo that does not answer is taken for dead within seconds, so that hundreds of trials do not take hours.</summary>
    private static void Hasty(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 2;
        membership.NumVotesForDeathDeclaration = 1;
    }
}
