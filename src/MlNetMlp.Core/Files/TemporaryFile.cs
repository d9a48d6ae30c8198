using System.Security.Cryptography;
using System.Text;

namespace MlNetMlp;

/// <summary>Files that live as long as one save or one training: how they are called, and what becomes of those whose process was killed.</summary>
/// <remarks>
/// <para>
/// A name is <c>.mlnetmlp-</c>, sixteen random hexadecimal digits, sixteen more that are a checksum of those, and <c>.tmp</c>: 46 characters, whatever
/// the file is for. The checksum tells them from every file that somebody else made, whatever its name begins or ends with.
/// </para>
/// <para>
/// Whoever uses such a file holds a lock on it, which ends with the process. So one that nobody has locked was left behind, and
/// <see cref="Sweep"/> deletes it.
/// </para>
/// </remarks>
internal static class TemporaryFile
{
    private const string Start = ".mlnetmlp-";
    private const string Ending = ".tmp";
    private const int Digits = 16;
    private const int MostAttempts = 10;

    /// <summary>Links, and what they point to, are not ours.</summary>
    private static readonly EnumerationOptions _files = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Makes and locks a new file in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Which say that the file is to be a new one.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static FileStream Create(string folder, FileStreamOptions options) => Create(folder, () => NewPath(folder), options);

    /// <summary>The same under names of the caller's, who sweeps away what was left behind.</summary>
    /// <param name="folder">The folder that the file is in, or below.</param>
    /// <param name="newPath">A path for a new attempt.</param>
    /// <param name="options">Which say that the file is to be a new one.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static FileStream Create(string folder, Func<string> newPath, FileStreamOptions options)
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = newPath();
            try
            {
                var stream = new FileStream(path, options);
                if (File.Exists(path))
                {
                    return stream;
                }

                // Another process swept it away in the moment before it was locked; from now on none would.
                stream.Dispose();
            }
            catch (IOException) when (attempt < MostAttempts && Directory.Exists(folder))
            {
                // Another process is about to sweep it away.
            }
        }
    }

    /// <summary>Deletes what killed processes have left in a folder.</summary>
    public static void Sweep(string folder)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, $"{Start}*{Ending}", _files).Where(IsOurs))
            {
                DeleteIfLeft(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written to and not be looked at: what is there stays there.
        }
    }

    private static string NewPath(string folder)
    {
        string digits = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        return Path.Combine(folder, Start + digits + Checksum(digits) + Ending);
    }

    private static bool IsOurs(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        return name.Length == Start.Length + 2 * Digits + Ending.Length
            && name.Slice(Start.Length + Digits, Digits).SequenceEqual(Checksum(name.Slice(Start.Length, Digits).ToString()));
    }

    private static string Checksum(string digits) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Start + digits)))[..Digits];

    /// <summary>Opens the file for this process alone, which nobody can while its owner lives, and lets it go with that.</summary>
    private static void DeleteIfLeft(string path)
    {
        try
        {
            // For reading, too: so a named pipe, should one be called so, opens at once instead of waiting for somebody at its other end.
            bool isWindows = OperatingSystem.IsWindows();
            FileOptions options = isWindows ? FileOptions.DeleteOnClose : FileOptions.None;
            using var left = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, options);
            if (!isWindows && left.CanSeek)
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is in use, or belongs to somebody else.
        }
    }
}
