using System.Diagnostics;
using System.Runtime.Versioning;

namespace MlNetMlp.TestSupport;

/// <summary>
/// Saves that the system refuses, half way or at once, in a program of its own: the old file stays, nothing is left beside it, and the message names the
/// file. For Unix, whose shells can limit a program.
/// </summary>
internal static class RefusedSaves
{
    /// <summary>All there are; returns what was not as it should be.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="report">Told of every message.</param>
    [UnsupportedOSPlatform("windows")]
    public static async Task<IReadOnlyList<string>> Run(string folder, Action<string> report)
    {
        var failures = new List<string>();
        foreach (string way in new[] { "mlp", "zip" })
        {
            failures.AddRange(await LimitedFile(way, NewFolder(folder, way + "-limit"), report));
            failures.AddRange(await ReadOnlyFolder(way, NewFolder(folder, way + "-read-only"), report));
            if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            {
                failures.AddRange(await FullDisk(way, NewFolder(folder, way + "-full"), report));
            }
        }

        return failures;
    }

    /// <summary>A process that may write files of 50 KiB only: the save fails in its middle, as on a full disk.</summary>
    public static Task<IReadOnlyList<string>> LimitedFile(string way, string folder, Action<string>? report = null) =>
        Save(way, folder, "trap '' XFSZ; ulimit -f 100; exec \"$@\"", report);

    /// <summary>A folder that its owner may not write to; the program gives up the superuser's right to do so nevertheless.</summary>
    [UnsupportedOSPlatform("windows")]
    public static async Task<IReadOnlyList<string>> ReadOnlyFolder(string way, string folder, Action<string>? report = null)
    {
        var directory = new DirectoryInfo(folder);
        UnixFileMode mode = directory.UnixFileMode;
        IReadOnlyList<string> failures = await Save(way, folder, "chmod 555 .; exec \"$@\"", report);
        directory.UnixFileMode = mode;
        return failures;
    }

    /// <summary>A disk of 300 KiB, mounted for the purpose: the save fails in its middle.</summary>
    private static async Task<IReadOnlyList<string>> FullDisk(string way, string folder, Action<string> report)
    {
        using (Process mount = Process.Start("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", folder]))
        {
            await mount.WaitForExitAsync();
            if (mount.ExitCode != 0)
            {
                report("full disk: cannot be mounted here");
                return [];
            }
        }

        try
        {
            return await Save(way, folder, "exec \"$@\"", report);
        }
        finally
        {
            using Process unmount = Process.Start("umount", [folder]);
            await unmount.WaitForExitAsync();
        }
    }

    /// <param name="way">How to save; see the program.</param>
    /// <param name="folder">An empty folder, where the program runs.</param>
    /// <param name="script">Prepares the process and becomes the program that its arguments name.</param>
    /// <param name="report">Told of the message.</param>
    private static async Task<IReadOnlyList<string>> Save(string way, string folder, string script, Action<string>? report)
    {
        string target = Path.Combine(folder, "model");
        await File.WriteAllTextAsync(target, "old");
        var start = new ProcessStartInfo("sh", ["-c", script, "sh", "dotnet", "exec", SiblingProgram.PathOf("MlNetMlp.Tests.Interrupted"),
            "save-once", way, target])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The runtime's own memory is in a file otherwise, which would be limited too.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string told = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        report?.Invoke($"{way}: {told}");
        var failures = new List<string>();
        Check(process.ExitCode == 0, $"{way}: ended with {process.ExitCode}: {await error}");
        Check(told.Contains("Exception: ", StringComparison.Ordinal) && told.Contains($"'{target}'", StringComparison.Ordinal),
            $"{way}: does not name the file: {told}");
        Check(await File.ReadAllTextAsync(target) == "old", $"{way}: the old file is lost.");
        Check(Directory.GetFileSystemEntries(folder).Length == 1, $"{way}: left {string.Join(", ", Directory.GetFileSystemEntries(folder))}");
        return failures;

        void Check(bool isSo, string failure)
        {
            if (!isSo)
            {
                failures.Add(failure);
            }
        }
    }

    private static string NewFolder(string folder, string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
