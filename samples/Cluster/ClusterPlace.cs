using System.Globalization;
using System.Net;
using Microsoft.Extensions.Hosting;
using MlNetMlp.Search;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace Cluster;

/// <summary>Where silos and clients find each other and keep results, as the environment says.</summary>
/// <param name="Clustering"><c>CLUSTER</c>: <c>localhost</c> (the default), <c>redis</c> or <c>postgresql</c>.</param>
/// <param name="Connection"><c>CLUSTER_CONNECTION</c>: the connection string of Redis or PostgreSQL.</param>
/// <param name="Port"><c>CLUSTER_PORT</c>: the port of silo 0 for other silos, 11111; the one for clients is a thousand higher.</param>
/// <param name="Number">
/// <c>CLUSTER_SILO</c>: the number of a silo on this machine, from 0, which gives it ports of its own. With <c>localhost</c> silo 0 knows which others there
/// are, so it is started first and must live.
/// </param>
internal sealed record ClusterPlace(string Clustering, string Connection, int Port, int Number)
{
    private const string Name = "mlnetmlp", PostgreSql = "Npgsql";
    private const int FromSilosToClients = 1000;

    public static ClusterPlace FromEnvironment() => new(
        Environment.GetEnvironmentVariable("CLUSTER") ?? "localhost",
        Environment.GetEnvironmentVariable("CLUSTER_CONNECTION") ?? "",
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_PORT") ?? "11111", CultureInfo.InvariantCulture),
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_SILO") ?? "0", CultureInfo.InvariantCulture));

    public void Configure(ISiloBuilder silo)
    {
        int port = Port + Number, gateway = port + FromSilosToClients;
        switch (Clustering)
        {
            case "localhost":
                silo.UseLocalhostClustering(port, gateway, new IPEndPoint(IPAddress.Loopback, Port), Name, Name)
                    .AddMemoryGrainStorage(OrleansRunner.StorageName);
                break;
            case "redis":
                ConfigurationOptions redis = ConfigurationOptions.Parse(Connection);
                Identify(silo).UseRedisClustering(options => options.ConfigurationOptions = redis)
                    .AddRedisGrainStorage(OrleansRunner.StorageName, options => options.ConfigurationOptions = redis)
                    .ConfigureEndpoints(port, gateway, listenOnAnyHostAddress: true);
                break;
            case "postgresql":
                // With the tables that Orleans' documentation gives for PostgreSQL.
                Identify(silo).UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (PostgreSql, Connection))
                    .AddAdoNetGrainStorage(OrleansRunner.StorageName, options => (options.Invariant, options.ConnectionString) = (PostgreSql, Connection))
                    .ConfigureEndpoints(port, gateway, listenOnAnyHostAddress: true);
                break;
            default:
                throw Unknown();
        }
    }

    public void Configure(IClientBuilder client)
    {
        switch (Clustering)
        {
            case "localhost":
                client.UseLocalhostClustering(Port + FromSilosToClients, Name, Name);
                break;
            case "redis":
                Identify(client).UseRedisClustering(options => options.ConfigurationOptions = ConfigurationOptions.Parse(Connection));
                break;
            case "postgresql":
                Identify(client).UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (PostgreSql, Connection));
                break;
            default:
                throw Unknown();
        }
    }

    private static ISiloBuilder Identify(ISiloBuilder silo) => silo.Configure<ClusterOptions>(Identify);

    private static IClientBuilder Identify(IClientBuilder client) => client.Configure<ClusterOptions>(Identify);

    private static void Identify(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Name, Name);

    private InvalidOperationException Unknown() => new($"CLUSTER is '{Clustering}'; it must be localhost, redis or postgresql.");
}
