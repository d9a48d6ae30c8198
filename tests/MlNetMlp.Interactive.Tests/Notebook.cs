using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace MlNetMlp.Interactive.Tests;

/// <summary>Runs cells in the kernel of C# notebooks, with the assemblies of these tests instead of the package.</summary>
internal sealed class Notebook : IDisposable
{
    private readonly CSharpKernel _kernel = new CSharpKernel().UseKernelHelpers();

    /// <summary>Runs a cell.</summary>
    /// <returns>What it shows, in its order, as HTML or else as text; an output that is replaced comes once more.</returns>
    public async Task<string[]> RunAsync(string code)
    {
        var events = new ConcurrentQueue<KernelEvent>();
        using IDisposable subscription = _kernel.KernelEvents.Subscribe(events.Enqueue);
        await _kernel.SendAsync(new SubmitCode(code));
        string[] failures = [.. events.OfType<CommandFailed>().Select(failed => failed.Message)];
        Assert.True(failures.Length == 0, $"{string.Join(Environment.NewLine, failures)}{Environment.NewLine}{code}");
        return [.. events.OfType<DisplayEvent>().Where(shown => shown is not ErrorProduced)
            .Select(shown => (shown.FormattedValues.FirstOrDefault(value => value.MimeType == "text/html") ?? shown.FormattedValues.First()).Value)];
    }

    /// <summary>Loads what the package loads, and runs what it runs.</summary>
    public async Task LoadPackageAsync()
    {
        string[] assemblies =
        [
            "MlNetMlp.Interactive", "MlNetMlp", "MlNetMlp.Core",
            "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView", "Microsoft.ML.Transforms", "Microsoft.ML.StandardTrainers",
        ];
        foreach (string assembly in assemblies)
        {
            await RunAsync($"#r \"{Path.Combine(AppContext.BaseDirectory, assembly + ".dll")}\"");
        }

        await RunAsync("MlNetMlp.Interactive.NotebookFormatters.Register();");
    }

    /// <summary>The cells of a file with code, without those that load packages.</summary>
    public static IEnumerable<string> CodeOf(string path)
    {
        using JsonDocument notebook = JsonDocument.Parse(File.ReadAllText(path));
        return [.. notebook.RootElement.GetProperty("cells").EnumerateArray()
            .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
            .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())))
            .Where(code => !code.StartsWith("#r \"nuget", StringComparison.Ordinal))];
    }

    public void Dispose() => _kernel.Dispose();
}
