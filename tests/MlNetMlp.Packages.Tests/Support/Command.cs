using System.Diagnostics;
using System.Text;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>A program that runs to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What the program writes to its standard output and error; the test fails if it ends with an error, or does not end.</summary>
    public static string Run(string folder, string program, params IEnumerable<string> arguments)
    {
        using Process process = Start(folder, program, arguments);
        var output = new StringBuilder();
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ended = process.WaitForExit(_patience);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        string text = output.ToString();
        Assert.True(ended && process.ExitCode == 0,
            $"'{program} {string.Join(' ', arguments)}' in {folder} {(ended ? $"ended with {process.ExitCode}" : "did not end")}:\n{text}");
        return text;

        void Collect(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.Append(line.Data).Append(line.Data is null ? "" : "\n");
            }
        }
    }

    /// <summary>Starts a program as a user's shell does: without what the build that runs these tests has put into the environment.</summary>
    public static Process Start(string folder, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["LC_ALL"] = "C";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";

        // Servers of the build would outlive it and keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        if (PackagesFolder is not null)
        {
            start.Environment["NUGET_PACKAGES"] = PackagesFolder;
        }

        return Process.Start(start)!;
    }

    /// <summary>Where restored packages go; null: where the machine has them.</summary>
    public static string? PackagesFolder { get; set; }
}
