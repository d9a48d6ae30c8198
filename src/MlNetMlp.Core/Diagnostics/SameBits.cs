using System.Runtime.InteropServices;

namespace MlNetMlp.Diagnostics;

/// <summary>Rows are equal if all their bits are: a missing value equals another one.</summary>
internal sealed class SameBits : IEqualityComparer<float[]>
{
    public static SameBits Comparer { get; } = new();

    public bool Equals(float[]? x, float[]? y) => MemoryMarshal.AsBytes<float>(x).SequenceEqual(MemoryMarshal.AsBytes<float>(y));

    public int GetHashCode(float[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes<float>(obj));
        return hash.ToHashCode();
    }
}
