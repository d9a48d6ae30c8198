using System.Runtime.InteropServices;

namespace Samples;

/// <summary>Whether LightGBM, which the samples compare with, runs here: it is native code, which its package has for x64 alone.</summary>
internal static class LightGbm
{
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;
}
