using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using StackExchange.Redis;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>Silos in processes of their own, on this machine. Without Redis the first one knows which others there are, so it is not killed.</summary>
/// <param name="folder">An empty folder for what they log.</param>
/// <param name="trainingsAtOnce">The training runs that each of them has at the same time.</param>
/// <param name="files">The folder of the files of rows; empty: there are none.</param>
/// <param name="redis">The connection string of the Redis in which they find each other; empty: there is none.</param>
/// <param name="isOnNetwork">Whether each is on a machine of its own of a <see cref="SiloNetwork"/>.</param>
internal sealed class SiloProcesses(string folder, int trainingsAtOnce, string files = "", string redis = "", bool isOnNetwork = false) : IDisposable
{
    private readonly List<Process> _silos = [];
    private readonly List<string> _logs = [];

    /// <summary>The port of silo 0 for silos.</summary>
    public int Port { get; } = FreePorts();

    /// <summary>The processes.</summary>
    public IReadOnlyList<Process> All => _silos;

    /// <summary>The training runs that were begun, and of those of killed silos the ones that were not ended.</summary>
    public (int Begun, int CutOff) Trainings
    {
        get
        {
            string[] logs = [.. _logs.Select(File.ReadAllText)];
            int begun = logs.Sum(log => log.Count(ClusterSilo.Begun.Equals));
            return (begun, begun - logs.Sum(log => log.Count(ClusterSilo.Ended.Equals)));
        }
    }

    /// <summary>The time that processors have spent on all silos that are there.</summary>
    public TimeSpan ProcessorTime => _silos.Aggregate(TimeSpan.Zero, (sum, silo) =>
    {
        silo.Refresh();
        return sum + silo.TotalProcessorTime;
    });

    /// <summary>Starts silos until there are so many, each as soon as the one before listens.</summary>
    public async Task Start(int count)
    {
        while (_silos.Count < count)
        {
            _silos.Add(await StartSilo(_silos.Count));
        }
    }

    /// <summary>Kills a silo with SIGKILL.</summary>
    public void Kill(int number)
    {
        _silos[number].Kill();
        _silos[number].WaitForExit();
    }

    /// <summary>Starts a silo in the place of one that was killed.</summary>
    public async Task Restart(int number) => _silos[number] = await StartSilo(number);

    /// <summary>A client of the silos.</summary>
    public static async Task<IHost> Connect(int port, string redis = "")
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => _ = redis.Length == 0
            ? client.UseLocalhostClustering(port + ClusterSilo.ToClients, ClusterSilo.Name, ClusterSilo.Name)
            : client.Configure<ClusterOptions>(ClusterSilo.Identify)
                .UseRedisClustering(clustering => clustering.ConfigurationOptions = ConfigurationOptions.Parse(redis)));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The client of a host.</summary>
    public static IClusterClient ClientOf(IHost host) => host.Services.GetRequiredService<IClusterClient>();

    /// <summary>Starts this program in a process of its own.</summary>
    public static Process StartSelf(params string[] arguments) => StartSelf([], isQuiet: false, arguments);

    public void Dispose()
    {
        foreach (Process silo in _silos)
        {
            silo.Kill();
            silo.Dispose();
        }
    }

    private async Task<Process> StartSilo(int number)
    {
        string log = Path.Combine(folder, FormattableString.Invariant($"silo{_logs.Count}.log"));
        CultureInfo culture = CultureInfo.InvariantCulture;
        string address = isOnNetwork ? SiloNetwork.AddressOf(number) : IPAddress.Loopback.ToString();
        Process silo = StartSelf(
            isOnNetwork ? SiloNetwork.On(number) : [], isQuiet: isOnNetwork,
            "cluster-silo", Port.ToString(culture), number.ToString(culture), trainingsAtOnce.ToString(culture), log, files, address, redis);
        var clock = Stopwatch.StartNew();
        while (!await Listens(address, Port + number + ClusterSilo.ToClients))
        {
            if (silo.HasExited || clock.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException($"Silo {number} did not start.");
            }

            await Task.Delay(50);
        }

        _logs.Add(log);
        return silo;
    }

    /// <param name="command">What comes before it.</param>
    /// <param name="isQuiet">Whether its problems are not told: what a silo says of itself when it has been given up is expected.</param>
    /// <param name="arguments">The arguments.</param>
    private static Process StartSelf(IReadOnlyList<string> command, bool isQuiet, params string[] arguments)
    {
        string[] all = [.. command, "dotnet", "exec", typeof(SiloProcesses).Assembly.Location, .. arguments];
        Process process = Process.Start(new ProcessStartInfo(all[0], all[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = isQuiet,
        })!;
        if (isQuiet)
        {
            process.BeginErrorReadLine();
        }

        return process;
    }

    private static async Task<bool> Listens(string address, int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A port that is free with some that follow.</summary>
    private static int FreePorts()
    {
        const int Most = 8;
        for (int port = 20_000 + Environment.ProcessId % 10_000; ; port += 10)
        {
            try
            {
                foreach (int one in Enumerable.Range(port, Most).SelectMany(one => new[] { one, one + ClusterSilo.ToClients }))
                {
                    using var listener = new TcpListener(IPAddress.Loopback, one);
                    listener.Start();
                }

                return port;
            }
            catch (SocketException)
            {
                // Somebody has one of them.
            }
        }
    }
}
