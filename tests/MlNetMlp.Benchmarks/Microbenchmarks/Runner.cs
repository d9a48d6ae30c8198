using BenchmarkDotNet.Running;

namespace MlNetMlp.Benchmarks;

/// <summary>
/// Runs the benchmarks of this folder inside this process: what they measure is internal, and the build of its own that BenchmarkDotNet
/// makes would not know the sources.
/// </summary>
internal static class Runner
{
    /// <param name="arguments">BenchmarkDotNet's own, such as <c>--filter *Product*</c> or <c>--job short</c>; none means all benchmarks.</param>
    public static int Run(string[] arguments)
    {
        string[] chosen = arguments.Length > 0 ? arguments : ["--filter", "*"];
        BenchmarkSwitcher.FromAssembly(typeof(Runner).Assembly).Run([.. chosen, "--inProcess"]);
        return 0;
    }
}
