using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>A process with another library, which answers one line of JSON with another; see <c>Peers/peer.py</c>.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    private Peer(Process process) => _process = process;

    /// <summary>Starts a peer. It gets its library's own choice of kernels: variables that would force another are removed.</summary>
    /// <param name="threads">How many threads its mathematics may use.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="coreType">The kernels that OpenBLAS is to use; null: its own choice.</param>
    public static Peer Start(int threads, string[] command, string? coreType = null)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string name in (string[])["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_VERBOSE", "OMP_PROC_BIND", "OMP_PLACES"])
        {
            start.Environment.Remove(name);
        }

        foreach (string name in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            start.Environment[name] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (coreType is not null)
        {
            start.Environment["OPENBLAS_CORETYPE"] = coreType;
        }

        return new Peer(Process.Start(start)!);
    }

    /// <summary>The seconds that the peer took for what it was asked.</summary>
    /// <exception cref="InvalidOperationException">It could not do it; the message says why.</exception>
    public double Seconds(object request) => (double)Ask(request)["seconds"]!;

    /// <summary>The names and versions of the peer's libraries; none where it cannot run.</summary>
    public IReadOnlyDictionary<string, string> Versions()
    {
        try
        {
            return Ask(new { @do = "versions" })["versions"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value!.ToString());
        }
        catch (InvalidOperationException)
        {
            return new Dictionary<string, string>();
        }
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, for something that it needs is missing.
        }

        if (!_process.WaitForExit(2000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private JsonNode Ask(object request)
    {
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(request));
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw new InvalidOperationException("it has ended");
        }

        JsonNode answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("it has ended"))!;
        return answer["error"] is { } error ? throw new InvalidOperationException(error.ToString()) : answer;
    }
}
