using System.Diagnostics;

namespace MlNetMlp.TestSupport;

/// <summary>Runs another program of this solution in a process of its own, as a user would.</summary>
internal static class SiblingProgram
{
    /// <summary>Starts the program with nothing to read, waits for its end and returns the lines that it printed; fails if its exit code is not 0.</summary>
    public static async Task<string[]> Run(string name, string workingDirectory, params string[] arguments)
    {
        using Process process = Start(name, workingDirectory, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {await error}");
        }

        return (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Starts the program and leaves it to the caller, who has to read what it prints.</summary>
    public static Process Start(string name, string workingDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", PathOf(name), .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs the program in another environment and returns all that it printed, with what it told of errors.</summary>
    public static async Task<string> Tell(string name, string workingDirectory, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", PathOf(name), .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return await output + await error;
    }

    /// <summary>Where its assembly is: artifacts/source/bin/project/configuration/.</summary>
    public static string PathOf(string name)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration, name + ".dll"));
    }
}
