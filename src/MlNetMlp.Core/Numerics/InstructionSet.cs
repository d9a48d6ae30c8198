using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlNetMlp.Numerics;

/// <summary>The one place that asks what the processor can do.</summary>
/// <remarks>
/// The widest kernels that the processor has are used, unless the environment variable <c>MLNETMLP_KERNEL</c> is <c>avx512</c>,
/// <c>avx2</c> or <c>portable</c> when the process first multiplies. All kernels give the same bits on processors with a fused
/// multiply-add, so the choice is one of speed.
/// </remarks>
internal static class InstructionSet
{
    public const string Variable = "MLNETMLP_KERNEL";

    /// <summary>A cache line.</summary>
    public const int FloatsPerLine = 16;

    /// <summary>
    /// One more than the kernel that the process uses; zero until the first question, so that a wrong variable fails with its own
    /// message and not inside a type initializer.
    /// </summary>
    private static int _chosen;

    /// <summary>One more than the kernel that <see cref="Force"/> asks for on this thread; zero when it asks for none.</summary>
    [ThreadStatic]
    private static int _forced;

    /// <summary>The kernels to use for a call made by this thread.</summary>
    /// <exception cref="InvalidOperationException">The environment variable has a value that is not allowed.</exception>
    /// <exception cref="PlatformNotSupportedException">The environment variable names kernels that this processor cannot run.</exception>
    public static KernelSet Active => _forced != 0 ? (KernelSet)(_forced - 1) : _chosen != 0 ? (KernelSet)(_chosen - 1) : Choose();

    public static bool IsSupported(KernelSet kernel) => kernel switch
    {
        KernelSet.Avx512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Avx512DQ.IsSupported,
        KernelSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    /// <summary>Uses the given kernels for the calls of this thread until the scope is disposed. For tests and measurements.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor cannot run them.</exception>
    public static Scope Force(KernelSet kernel)
    {
        if (!IsSupported(kernel))
        {
            Throw.UnsupportedKernel(kernel, nameof(Force));
        }

        int previous = _forced;
        _forced = (int)kernel + 1;
        return new Scope(previous);
    }

    /// <summary>Asks for the cache lines of values that will soon be read. A hint: nothing else happens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Prefetch(ReadOnlySpan<float> values)
    {
        fixed (float* first = values)
        {
            Prefetch(first, 0, 1, values.Length, isSoon: true);
            if (values.Length > 0 && Sse.IsSupported)
            {
                Sse.Prefetch0(first + values.Length - 1);
            }
        }
    }

    /// <summary>Asks for <paramref name="count"/> values of each of some rows: into the first-level cache, or into the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(float* first, nint stride, int rows, int count, bool isSoon)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < count; i += FloatsPerLine)
            {
                if (isSoon)
                {
                    Sse.Prefetch0(first + i);
                }
                else
                {
                    Sse.Prefetch1(first + i);
                }
            }

            first += stride;
        }
    }

    /// <summary>What a value of the environment variable means; null or empty means the best there is.</summary>
    public static KernelSet Parse(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return IsSupported(KernelSet.Avx512) ? KernelSet.Avx512 : IsSupported(KernelSet.Avx2) ? KernelSet.Avx2 : KernelSet.Portable;
        }

        KernelSet kernel = KernelSet.Portable;
        switch (value.ToUpperInvariant())
        {
            case "AVX512":
                kernel = KernelSet.Avx512;
                break;
            case "AVX2":
                kernel = KernelSet.Avx2;
                break;
            case "PORTABLE":
                break;
            default:
                Throw.UnknownKernel(Variable, value);
                break;
        }

        if (!IsSupported(kernel))
        {
            Throw.UnsupportedKernel(kernel, $"The environment variable {Variable}, which is '{value}',");
        }

        return kernel;
    }

    private static KernelSet Choose()
    {
        KernelSet kernel = Parse(Environment.GetEnvironmentVariable(Variable));
        _chosen = (int)kernel + 1;
        return kernel;
    }

    /// <summary>Gives the thread its former kernels back.</summary>
    internal readonly struct Scope(int previous) : IDisposable
    {
        public void Dispose() => _forced = previous;
    }
}
