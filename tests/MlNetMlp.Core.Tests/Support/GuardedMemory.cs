using System.Runtime.InteropServices;

namespace MlNetMlp.Core.Tests.Support;

/// <summary>Floats between two pages that nobody may touch: a read or write beyond an end stops the process.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private readonly byte* _mapping;
    private readonly nuint _page = (nuint)Environment.SystemPageSize;
    private readonly nuint _body;

    public GuardedMemory(int capacity)
    {
        _body = (((nuint)capacity * sizeof(float)) + _page - 1) / _page * _page;
        nuint size = _body + (2 * _page);
        if (OperatingSystem.IsWindows())
        {
            _mapping = (byte*)VirtualAlloc(null, size, MemReserve | MemCommit, PageReadWrite);
            Check(_mapping is not null);
            Check(VirtualProtect(_mapping, _page, PageNoAccess, out _) != 0);
            Check(VirtualProtect(_mapping + _page + _body, _page, PageNoAccess, out _) != 0);
        }
        else
        {
            int mapAnonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
            _mapping = (byte*)MemoryMap(null, size, ProtRead | ProtWrite, MapPrivate | mapAnonymous, -1, 0);
            Check((nint)_mapping != -1);
            Check(MemoryProtect(_mapping, _page, ProtNone) == 0);
            Check(MemoryProtect(_mapping + _page + _body, _page, ProtNone) == 0);
        }
    }

    /// <summary>Floats that start right after the lower guard page.</summary>
    public Span<float> AtStart(int length) => new(_mapping + _page, Checked(length));

    /// <summary>Floats that end right before the upper guard page.</summary>
    public Span<float> AtEnd(int length) => new(_mapping + _page + _body - ((nuint)Checked(length) * sizeof(float)), length);

    public Span<float> At(bool end, int length) => end ? AtEnd(length) : AtStart(length);

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            Check(VirtualFree(_mapping, 0, MemRelease) != 0);
        }
        else
        {
            Check(MemoryUnmap(_mapping, _body + (2 * _page)) == 0);
        }
    }

    private int Checked(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)length * sizeof(float), _body);
        return length;
    }

    private static void Check(bool success)
    {
        if (!success)
        {
            throw new InvalidOperationException($"The guarded memory could not be set up: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private const int ProtNone = 0, ProtRead = 1, ProtWrite = 2, MapPrivate = 2;
    private const uint MemCommit = 0x1000, MemReserve = 0x2000, MemRelease = 0x8000, PageNoAccess = 1, PageReadWrite = 4;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* MemoryMap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int MemoryProtect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MemoryUnmap(void* address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(void* address, nuint size, uint protection, out uint former);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(void* address, nuint size, uint type);
}
