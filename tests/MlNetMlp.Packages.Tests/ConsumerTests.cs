using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using MlNetMlp.Packages.Tests.Support;

namespace MlNetMlp.Packages.Tests;

/// <summary>Programs that people write with the packages.</summary>
[Collection(OneFeed.Name)]
public sealed class ConsumerTests(LocalFeed feed)
{
    private static readonly string _executable = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>What the quick start has written, without what the training has told; made once, by whichever test comes first.</summary>
    private static string[]? _houses;

    private string[] Houses => _houses ??= RunQuickStart();

    [Fact]
    public void ConsoleApp_OfTheReadme_TrainsSavesLoadsAndPredicts()
    {
        Assert.Equal(3, Houses.Length);
        Assert.StartsWith("R^2 ", Houses[0], StringComparison.Ordinal);
        Assert.InRange(double.Parse(Houses[0][4..], CultureInfo.InvariantCulture), 0.98, 1);
        Assert.InRange(float.Parse(PriceOf(Houses), CultureInfo.InvariantCulture), QuickStart.Price - 8, QuickStart.Price + 8);
    }

    [Fact]
    public void SingleFile_OfTheConsoleApp_WritesTheSame()
    {
        string[] expected = Houses;
        string published = feed.InRoot("single");
        Command.Run(feed.InRoot("Houses"), Command.Dotnet,
            "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishSingleFile=true", "-o", published);
        Assert.DoesNotContain(Directory.EnumerateFiles(published), file => Path.GetExtension(file) == ".dll");

        Assert.Equal(expected, Results(Command.Run(published, Path.Combine(published, "Houses" + _executable))));
    }

    [Fact]
    public void Net11_WithTheQuickStart_WritesTheSame()
    {
        string[] expected = Houses;
        string project = feed.UnbuiltConsumer("Net11");
        File.WriteAllText(Path.Combine(project, "Program.cs"), QuickStart.Program);
        Command.Run(project, Command.Dotnet,
            "build", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "out", $"-p:MlNetMlpVersion={LocalFeed.Version}");

        string output = Command.Run(project, Path.Combine(project, "out", "Net11" + _executable));
        Assert.Equal(".NET 11", Lines(output)[0]);
        Assert.Equal(expected, Results(output));
    }

    [Fact]
    public void FSharpApp_TrainsSearchesAndLoads()
    {
        string project = feed.Consumer("FSharp");
        string output = Command.Run(project, Command.Dotnet, "exec", Path.Combine("bin", "Release", "net10.0", "FSharp.dll"),
            Path.Combine(LocalFeed.SourceTree, "tests", "MlNetMlp.Onnx.Tests", "Import", "Fixtures", "torch_relu.onnx"));

        Assert.Equal(["short true", "search 3 true", "baseline kept true", "loaded true", "imported true"], Lines(output));
    }

    [Fact]
    public void VisualBasicApp_SearchesWithBranches()
    {
        string output = Command.Run(
            feed.Consumer("VisualBasic"), Command.Dotnet, "exec", Path.Combine("bin", "Release", "net10.0", "VisualBasic.dll"));

        Assert.Equal(["search 12 True", "baseline kept True", "branches True"], Lines(output));
    }

    [Fact]
    public async Task AspNetApp_ScoresOverHttp()
    {
        string[] expected = Houses;
        string project = feed.Consumer("Web");
        using Process server = Command.Start(project, Command.Dotnet,
            ["exec", Path.Combine("bin", "Release", "net10.0", "Web.dll"), Path.Combine(feed.InRoot("Houses"), "model.zip"), "--urls", "http://127.0.0.1:0"]);
        try
        {
            const string Listening = "Now listening on: ";
            string line;
            do
            {
                line = await server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1))
                    ?? throw new InvalidOperationException($"The server ended: {await server.StandardError.ReadToEndAsync()}");
            }
            while (!line.Contains(Listening, StringComparison.Ordinal));

            using var client = new HttpClient { BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]) };
            using HttpResponseMessage response = await client.PostAsJsonAsync("price", new { District = "North", Rooms = 5, Age = 12 });
            response.EnsureSuccessStatusCode();

            // The same bits as the engine of the quick start.
            Assert.Equal(PriceOf(expected), await response.Content.ReadAsStringAsync());
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public void NativeAot_OfAScorer_GivesTheSameBits()
    {
        Assert.True(!OperatingSystem.IsLinux() || IsInstalled("clang") || IsInstalled("gcc"),
            "Native AOT needs a linker, clang or gcc, and the development files of zlib. On Debian: apt-get install clang zlib1g-dev");
        string project = feed.Consumer("Scorer");
        string[] models = [.. Directory.EnumerateFiles(Path.Combine(LocalFeed.SourceTree, "tests"), "*.mlp", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)];
        Assert.NotEmpty(models);
        string[] compiled = Lines(Command.Run(project, Command.Dotnet, ["exec", Path.Combine("bin", "Release", "net10.0", "Scorer.dll"), .. models]));

        string build = Command.Run(project, Command.Dotnet,
            "publish", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", "native", $"-p:MlNetMlpVersion={LocalFeed.Version}");
        Assert.DoesNotContain("warning", build, StringComparison.OrdinalIgnoreCase);
        string[] native = Lines(Command.Run(project, Path.Combine(project, "native", "Scorer" + _executable), models));

        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(project, "native")), file => Path.GetExtension(file) == ".dll");
        Assert.Equal(models.Length, native.Length);
        Assert.Equal(compiled, native);
    }

    /// <summary>The console program of the README, made with the commands that stand there.</summary>
    private string[] RunQuickStart()
    {
        string project = feed.InRoot("Houses");
        Command.Run(feed.InRoot(""), Command.Dotnet, "new", "console", "-o", project, "--no-restore");
        Command.Run(project, Command.Dotnet, QuickStart.InstallCommand);
        File.WriteAllText(Path.Combine(project, "Program.cs"), QuickStart.Program);
        return Results(Command.Run(project, Command.Dotnet, "run", "-c", "Release"));
    }

    private static bool IsInstalled(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string PriceOf(string[] houses) => houses[^1].Split(' ')[^1];

    /// <summary>What is written behind the training, whose lines have times.</summary>
    private static string[] Results(string output) => [.. Lines(output).SkipWhile(line => !line.StartsWith("R^2", StringComparison.Ordinal))];

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
