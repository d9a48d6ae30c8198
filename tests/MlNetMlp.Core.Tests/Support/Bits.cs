using System.Runtime.InteropServices;

namespace MlNetMlp.Core.Tests;

/// <summary>Floats as their bits: equal means equal, zero from negative zero included.</summary>
internal static class Bits
{
    public static int[] Of(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();
}
