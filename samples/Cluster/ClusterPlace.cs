using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
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
/// <param name="IsInKubernetes"><c>CLUSTER_KUBERNETES</c>: whether a silo learns from Kubernetes what it is called; see kubernetes.yaml.</param>
/// <param name="Certificate">
/// <c>CLUSTER_CERTIFICATE</c>, a file of the kind PKCS #12, and <c>CLUSTER_CERTIFICATE_PASSWORD</c>: what all silos and clients identify themselves with. Null:
/// connections are not encrypted.
/// </param>
internal sealed record ClusterPlace(string Clustering, string Connection, int Port, int Number, bool IsInKubernetes, X509Certificate2? Certificate)
{
    private const string Name = "mlnetmlp", PostgreSql = "Npgsql";
    private const int FromSilosToClients = 1000;

    public static ClusterPlace FromEnvironment() => new(
        Environment.GetEnvironmentVariable("CLUSTER") ?? "localhost",
        Environment.GetEnvironmentVariable("CLUSTER_CONNECTION") ?? "",
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_PORT") ?? "11111", CultureInfo.InvariantCulture),
        int.Parse(Environment.GetEnvironmentVariable("CLUSTER_SILO") ?? "0", CultureInfo.InvariantCulture),
        Environment.GetEnvironmentVariable("CLUSTER_KUBERNETES") == "true",
        Environment.GetEnvironmentVariable("CLUSTER_CERTIFICATE") is { Length: > 0 } file
            ? ClusterCertificate.Load(file, Environment.GetEnvironmentVariable("CLUSTER_CERTIFICATE_PASSWORD"))
            : null);

    public void Configure(ISiloBuilder silo)
    {
        if (Certificate is not null)
        {
            silo.UseTls(tls => ClusterCertificate.Apply(Certificate, tls));
        }

        switch (Clustering)
        {
            case "localhost":
                silo.UseLocalhostClustering(SiloPort, SiloPort + FromSilosToClients, new IPEndPoint(IPAddress.Loopback, Port), Name, Name)
                    .AddMemoryGrainStorage(OrleansRunner.StorageName);
                break;
            case "redis":
                ConfigurationOptions redis = ConfigurationOptions.Parse(Connection);
                Identify(silo).UseRedisClustering(options => options.ConfigurationOptions = redis)
                    .AddRedisGrainStorage(OrleansRunner.StorageName, options => options.ConfigurationOptions = redis);
                break;
            case "postgresql":
                // With the tables that Orleans' documentation gives for PostgreSQL.
                Identify(silo).UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (PostgreSql, Connection))
                    .AddAdoNetGrainStorage(OrleansRunner.StorageName, options => (options.Invariant, options.ConnectionString) = (PostgreSql, Connection));
                break;
            default:
                throw Unknown();
        }
    }

    public void Configure(IClientBuilder client)
    {
        if (Certificate is not null)
        {
            client.UseTls(tls => ClusterCertificate.Apply(Certificate, tls));
        }

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

    private int SiloPort => Port + Number;

    /// <summary>Which cluster the silo belongs to, and where it listens.</summary>
    private ISiloBuilder Identify(ISiloBuilder silo) => IsInKubernetes
        ? silo.UseKubernetesHosting()
        : silo.Configure<ClusterOptions>(Identify).ConfigureEndpoints(SiloPort, SiloPort + FromSilosToClients, listenOnAnyHostAddress: true);

    private static IClientBuilder Identify(IClientBuilder client) => client.Configure<ClusterOptions>(Identify);

    private static void Identify(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (Name, Name);

    private InvalidOperationException Unknown() => new($"CLUSTER is '{Clustering}'; it must be localhost, redis or postgresql.");
}
