using System.Runtime.InteropServices;

namespace Interrupted;

/// <summary>What the superuser of Linux may do and others may not.</summary>
internal static class Superuser
{
    /// <summary>Of <c>linux/capability.h</c>: version 3, two words of each set, and the right to write whatever the modes say.</summary>
    private const uint Version = 0x2008_0522;
    private const uint DacOverride = 1 << 1;

    /// <summary>The calling thread gives up the right to write to files and folders whose mode forbids it. Others have none to give up.</summary>
    public static void ObeyModes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var header = new Header { Version = Version };
        var sets = new Sets[2];
        if (capget(ref header, sets) != 0)
        {
            throw new InvalidOperationException($"capget failed with {Marshal.GetLastPInvokeError()}.");
        }

        sets[0].Effective &= ~DacOverride;
        if (capset(ref header, sets) != 0)
        {
            throw new InvalidOperationException($"capset failed with {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int capget(ref Header header, [In, Out] Sets[] sets);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int capset(ref Header header, [In, Out] Sets[] sets);

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Version;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Sets
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }
}
