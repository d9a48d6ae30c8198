using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace MlNetMlp.Search;

/// <summary>Silos in this process that find each other on this machine and keep the results of searches in memory.</summary>
internal sealed class LocalSilos : IDisposable
{
    private readonly List<IHost> _hosts = [];

    private LocalSilos()
    {
    }

    public int Count => _hosts.Count;

    public IClusterClient Client => _hosts[0].Services.GetRequiredService<IClusterClient>();

    public static async Task<LocalSilos> StartAsync(int count, ClusterTrainingOptions options)
    {
        var silos = new LocalSilos();
        int[] ports = FreePorts(2 * count);
        var first = new IPEndPoint(IPAddress.Loopback, ports[0]);
        string cluster = Guid.NewGuid().ToString("n");
        try
        {
            for (int i = 0; i < count; i++)
            {
                HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
                builder.Logging.SetMinimumLevel(LogLevel.None);
                int silo = ports[2 * i], gateway = ports[2 * i + 1];
                builder.UseOrleans(silos => silos
                    .UseLocalhostClustering(silo, gateway, first, cluster, cluster)
                    .AddMemoryGrainStorage(OrleansRunner.StorageName)
                    .AddMlpTraining(options));
                IHost host = builder.Build();
                silos._hosts.Add(host);
                await host.StartAsync().ConfigureAwait(false);
            }

            return silos;
        }
        catch
        {
            silos.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // The first one knows which there are: it goes last.
        for (int i = _hosts.Count - 1; i >= 0; i--)
        {
            IHost host = _hosts[i];
            Task.Run(() => host.StopAsync()).GetAwaiter().GetResult();
            host.Dispose();
        }

        _hosts.Clear();
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }
}
