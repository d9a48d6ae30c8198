using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
            Process killed = Start(port, 0, null, "search", "--epochs", "1");
            processes.Add(killed);
            string?[] before = [await killed.StandardOutput.ReadLineAsync(), await killed.StandardOutput.ReadLineAsync()];
            killed.Kill();

            Process again = Start(port, 0, null, "search", "--epochs", "1");
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
            Process killed = Start(port, 0, null, "train", "--epochs", "6");
            processes.Add(killed);
            Assert.StartsWith("Epoch 1:", await killed.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            killed.Kill();

            Process again = Start(port, 0, null, "train", "--epochs", "6");
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

    /// <summary>Silos and clients that have one certificate, made here, talk to each other; a client that has another one, or none, is refused.</summary>
    [Fact]
    public async Task Certificate_IsAskedForOnBothSides()
    {
        using var folder = new TemporaryFolder();
        string own = Certificate(folder.Path("own.pfx")), other = Certificate(folder.Path("other.pfx"));
        int port = FreePorts();
        var processes = new List<Process>();
        try
        {
            await StartSilos(port, processes, own);
            Process[] strangers = [Start(port, 0, other, "search", "--epochs", "1"), Start(port, 0, null, "search", "--epochs", "1")];
            processes.AddRange(strangers);
            Process client = Start(port, 0, own, "search", "--epochs", "1");
            processes.Add(client);
            Task<string> lines = client.StandardOutput.ReadToEndAsync(), problems = client.StandardError.ReadToEndAsync();
            await client.WaitForExitAsync();
            Assert.True(client.ExitCode == 0, await problems);
            Assert.Equal(13, Trials((await lines).Split(Environment.NewLine)).Length);

            // They began before, and still try to connect.
            foreach (Process stranger in strangers)
            {
                stranger.Kill();
                Assert.Empty(await stranger.StandardOutput.ReadToEndAsync());
            }
        }
        finally
        {
            End(processes);
        }

        static string Certificate(string path)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest("CN=mlnetmlp", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12));
            return path;
        }
    }

    /// <summary>The lines of trials and of the model, by their number, without times.</summary>
    private static string[] Trials(IEnumerable<string> lines) =>
    [
        .. lines.Where(line => line.StartsWith("Trial ", StringComparison.Ordinal) || line.StartsWith("Test ", StringComparison.Ordinal))
            .Select(line => Seconds().Replace(line, "")).Order(StringComparer.Ordinal),
    ];

    /// <summary>Starts three silos, each as soon as the one before listens.</summary>
    private static async Task StartSilos(int port, List<Process> processes, string? certificate = null)
    {
        for (int silo = 0; silo < 3; silo++)
        {
            processes.Add(Start(port, silo, certificate, "silo"));
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

    private static Process Start(int port, int silo, string? certificate, params string[] arguments)
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
        start.Environment["CLUSTER_CERTIFICATE"] = certificate;
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
