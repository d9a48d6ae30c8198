using System.Text.RegularExpressions;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>
/// The packages of this source tree in a folder of their own, and beside it, outside of the tree, the programs that use them. The packages have a version
/// that no other package source and no cache has.
/// </summary>
public sealed class LocalFeed : IDisposable
{
    /// <summary>The packages.</summary>
    public static readonly string[] Names = ["MlNetMlp", "MlNetMlp.Core", "MlNetMlp.Hosting", "MlNetMlp.Interactive", "MlNetMlp.Onnx", "MlNetMlp.Orleans"];

    private readonly string _root = Directory.CreateTempSubdirectory("mlnetmlp-packages-").FullName;
    private readonly string _cache = Path.Combine(SourceTree, "artifacts", "consumers");
    private readonly Lazy<string> _consumers;

    public LocalFeed()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        foreach (string name in Names)
        {
            Command.Run(SourceTree, Command.Dotnet, "pack", $"src/{name}", "--no-build", "-c", configuration, $"-p:Version={Version}", "-o", Folder);
        }

        // What the machine has already is not fetched again; the rest does not get into its own cache.
        string locals = Command.Run(SourceTree, Command.Dotnet, "nuget", "locals", "global-packages", "--list");
        string machine = Regex.Match(locals, "global-packages: (.+)").Groups[1].Value.Trim();
        File.WriteAllText(InRoot("nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="MlNetMlp" value="{Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{machine}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        Command.PackagesFolder = _cache;
        _consumers = new Lazy<string>(BuildConsumers);
    }

    /// <summary>The folder of the source tree that has the solution.</summary>
    public static string SourceTree { get; } = FindSourceTree();

    public static string Version { get; } = $"99.0.{(int)(DateTime.UtcNow - new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds}";

    /// <summary>Where the packages are.</summary>
    public string Folder => InRoot("feed");

    public Package Open(string name, string extension = "nupkg") => new(Path.Combine(Folder, $"{name}.{Version}.{extension}"));

    /// <summary>The folder of a program of Consumers, built for Release with all others.</summary>
    public string Consumer(string name) => Path.Combine(_consumers.Value, name);

    /// <summary>The same, not built yet.</summary>
    public string UnbuiltConsumer(string name) => Path.Combine(CopyConsumers(), name);

    /// <summary>A path beside the packages.</summary>
    public string InRoot(string name) => Path.Combine(_root, name);

    public void Dispose()
    {
        Command.PackagesFolder = null;
        foreach (string ours in Directory.Exists(_cache) ? Directory.EnumerateDirectories(_cache, "mlnetmlp*") : [])
        {
            Directory.Delete(ours, recursive: true);
        }

        Directory.Delete(_root, recursive: true);
    }

    private string BuildConsumers()
    {
        string folder = CopyConsumers();
        Command.Run(folder, Command.Dotnet, "build", "Consumers.slnx", "-c", "Release", $"-p:MlNetMlpVersion={Version}");
        return folder;
    }

    private string CopyConsumers()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Consumers"), target = InRoot("Consumers");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        return target;
    }

    private static string FindSourceTree()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Directory.Packages.props")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Directory.Packages.props.");
    }
}
