using System.Runtime.InteropServices;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Where something was measured.</summary>
internal static class Machine
{
    /// <summary>The processor, its cores, and the version of .NET.</summary>
    public static string Description()
    {
        string processor = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
        return $"{processor}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";
    }
}
