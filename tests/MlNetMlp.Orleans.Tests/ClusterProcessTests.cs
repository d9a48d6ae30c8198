using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MlNetMlp.Orleans.Tests;

/// <summary>The sample with silos in processes of their own, one of which is killed.</summary>
public sealed partial class ClusterProcessTests
{
    /// <summary>The program that searches is killed and started again, and then a silo: the trials and the model are those of one process.</summary>
    [Fact]
    public async Task KilledClient_AndKilledSilo_GiveTheSameTrials()
    {
        int port = FreePorts();
        var processes = new List<Process>();
        try
        {
            await StartSilos(port, processes);
            Process killed = Start(port, 0, "search", "--epochs", "1");
            processes.Add(killed);
            string?[] before = [await killed.StandardOutput.ReadLineAsync(), await killed.StandardOutput.ReadLineAsync()];
            killed.Kill();

            Process again = Start(port, 0, "search", "--epochs", "1");
            processes.Add(again);
            string?[] kept = [await again.StandardOutput.ReadLineAsync(), await again.StandardOutput.ReadLineAsync()];
            processes[2].Kill();
            Task<string> rest = again.StandardOutput.ReadToEndAsync(), errors = again.StandardError.ReadToEndAsync();
            string[] local = await SiblingProgram.Run("Cluster", AppContext.BaseDirectory, "--epochs", "1");
            string[] lines = [.. kept.OfType<string>(), .. (await rest).Split(Environment.NewLine)];

            await again.WaitForExitAsync();
            Assert.True(again.ExitCode == 0, await errors);
            Assert.Equal(13, Trials(lines).Length);
            Assert.Equal(Trials(local), Trials(lines));

            // With their times: they were not trained again.
            Assert.All(before, line => Assert.Contains(line, lines));
        }
        finally
        {
            End(processes);
        }
    }

    /// <summary>
    /// A training whose shards three processes have, of which one is killed: epochs and model are those of one process. The client is killed, too, and a
    /// new one begins anew on the same silos.
    /// </summary>
    [Fact]
    public async Task KilledSiloOfATraining_GivesTheSameEpochs()
    {
        int port = FreePorts();
        var processes = new List<Process>();
        try
        {
            await StartSilos(port, processes);
            Process killed = Start(port, 0, "train", "--epochs", "6");
            processes.Add(killed);
            Assert.StartsWith("Epoch 1:", await killed.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            killed.Kill();

            Process again = Start(port, 0, "train", "--epochs", "6");
            processes.Add(again);
            string?[] before = [await again.StandardOutput.ReadLineAsync(), await again.StandardOutput.ReadLineAsync()];
            processes[2].Kill();
            Task<string> errors = again.StandardError.ReadToEndAsync();
            string rest = await again.StandardOutput.ReadToEndAsync();
            await again.WaitForExitAsync();
            Assert.True(again.ExitCode == 0, await errors);
            string[] local = await SiblingProgram.Run("Cluster", AppContext.BaseDirectory, "train-here", "--epochs", "6");

            Assert.Equal(7, local.Length);
            string[] found = [.. before.OfType<string>(), .. rest.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];
            Assert.Equal(local, found);
        }
        finally
        {
            End(processes);
        }
    }

    /// <summary>The lines of trials and of the model, by their number, without times.</summary>
    private static string[] Trials(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("Trial ", StringComparison.Ordinal) || line.StartsWith("Test ", StringComparison.Ordinal))
            .Select(line => Seconds().Replace(line, "")).Order(StringComparer.Ordinal),
    ];

    /// <summary>Starts three silos, each as soon as the one before listens.</summary>
    private static async Task StartSilos(int port, List<Process> processes)
    {
        for (int silo = 0; silo < 3; silo++)
        {
            processes.Add(Start(port, silo, "silo"));
            await Listening(port + silo + 1000);
        }
    }

    private static void End(List<Process> processes)
    {
        foreach (Process process in processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    private static Process Start(int port, int silo, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", SiblingProgram.PathOf("Cluster"), .. arguments])
        {
            RedirectStandardOutput = true,

            // What silos say of their lost connections is not read.
            RedirectStandardError = arguments[0] != "silo",
        };
        start.Environment["CLUSTER"] = "localhost";
        start.Environment["CLUSTER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["CLUSTER_SILO"] = silo.ToString(CultureInfo.InvariantCulture);
        return Process.Start(start)!;
    }

    private static async Task Listening(int port)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Not yet.
            }
        }
    }

    /// <summary>A port that is free with those that follow.</summary>
    private static int FreePorts()
    {
        for (int port = 20_000 + Environment.ProcessId % 10_000; ; port += 10)
        {
            try
            {
                foreach (int one in new[] { port, port + 1, port + 2, port + 1000, port + 1001, port + 1002 })
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

    [GeneratedRegex(@", \d+\.\d s$")]
    private static partial Regex Seconds();
}
