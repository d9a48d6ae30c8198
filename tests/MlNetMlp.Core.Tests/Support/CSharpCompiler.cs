using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace MlNetMlp.Core.Tests;

/// <summary>Compiles source files with the compiler that built this assembly, and with nothing but the framework to refer to.</summary>
internal static class CSharpCompiler
{
    /// <summary>Compiles <paramref name="sources"/>, by file name, in one go; any warning or error fails the test.</summary>
    public static Assembly Compile(TemporaryFolder folder, IReadOnlyDictionary<string, string> sources, string language = "12")
    {
        foreach ((string name, string text) in sources)
        {
            File.WriteAllText(folder.Path(name), text);
        }

        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!, result = folder.Path("exported.dll");
        string[] parts = ["System.Private.CoreLib.dll", "System.Runtime.dll", "System.Memory.dll"];
        var start = new ProcessStartInfo("dotnet", [
            "exec", CompilerPath(), "-nologo", "-target:library", "-nostdlib", "-optimize", $"-langversion:{language}", "-warnaserror", $"-out:{result}",
            .. parts.Select(part => "-reference:" + Path.Combine(framework, part)), .. sources.Keys.Select(folder.Path)])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return new AssemblyLoadContext("exported").LoadFromStream(new MemoryStream(File.ReadAllBytes(result)));
    }

    private static string CompilerPath() => Path.Combine(
        typeof(CSharpCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "CompilerFolder")
            .Value!, "bincore", "csc.dll");
}
