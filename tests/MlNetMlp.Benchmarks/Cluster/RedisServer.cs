using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace MlNetMlp.Benchmarks.Cluster;

/// <summary>A Redis of our own, in memory, through which silos find each other and in which they keep results; redis-server must be there.</summary>
internal sealed class RedisServer : IDisposable
{
    /// <summary>A port that is not the usual one.</summary>
    public const int Port = 16379;

    private readonly Process _process;

    private RedisServer(Process process, string connection) => (_process, Connection) = (process, connection);

    /// <summary>The connection string.</summary>
    public string Connection { get; }

    /// <param name="folder">Its working folder.</param>
    /// <param name="address">The address that it listens at.</param>
    /// <param name="port">The port.</param>
    public static async Task<RedisServer> Start(string folder, string address, int port)
    {
        string number = port.ToString(CultureInfo.InvariantCulture);
        Process process = Process.Start(new ProcessStartInfo("redis-server",
            ["--port", number, "--bind", address, "--save", "", "--appendonly", "no", "--protected-mode", "no", "--dir", folder])
        {
            RedirectStandardOutput = true,
        })!;
        process.BeginOutputReadLine();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address, port);
                return new RedisServer(process, $"{address}:{number},abortConnect=false,connectTimeout=2000,syncTimeout=2000,asyncTimeout=2000");
            }
            catch (SocketException) when (!process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(30))
            {
                // Not yet.
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
