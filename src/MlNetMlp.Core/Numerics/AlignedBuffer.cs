using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlNetMlp.Numerics;

/// <summary>A fixed number of floats, zero at first, that start on a cache line and never move.</summary>
/// <remarks>
/// The floats live on the pinned heap and are freed with this object, so there is nothing to dispose. A pointer stays good only as
/// long as the buffer itself is reachable: whoever keeps <see cref="Pointer"/> keeps the buffer too.
/// </remarks>
internal sealed class AlignedBuffer
{
    /// <summary>A cache line, and the widest vector: an aligned vector never crosses from one line into the next.</summary>
    private const int Alignment = 64;

    private readonly float[] _storage;
    private readonly int _offset;

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public unsafe AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _storage = GC.AllocateArray<float>(checked(length + (Alignment / sizeof(float))), pinned: true);

        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage));
        nuint aligned = (address + Alignment - 1) & ~(nuint)(Alignment - 1);
        _offset = (int)((aligned - address) / sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => _storage.AsSpan(_offset, Length);

    public unsafe float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_storage)) + _offset;

    /// <summary>The first <c>rows * columns</c> floats as a matrix <c>[rows, columns]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An extent is negative, or the matrix does not fit.</exception>
    public MatrixSpan AsMatrix(int rows, int columns) => new(Span[..checked(rows * columns)], rows, columns);
}
