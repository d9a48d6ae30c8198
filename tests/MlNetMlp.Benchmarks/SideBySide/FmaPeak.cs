using System.Diagnostics;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>What one core can do at the most: fused multiply-adds in registers, without a load or store, by the vectors that the kernels use.</summary>
internal static class FmaPeak
{
    private const int Chains = 16;
    private const int Steps = 1 << 20;

    /// <summary>GFLOP per second; a fused multiply-add counts as two operations.</summary>
    public static double Measure() => InstructionSet.Active switch
    {
        KernelSet.Avx512 => Measure<Avx512Lanes, System.Runtime.Intrinsics.Vector512<float>>(),
        KernelSet.Avx2 => Measure<Avx2Lanes, System.Runtime.Intrinsics.Vector256<float>>(),
        _ => Measure<PortableLanes, System.Runtime.Intrinsics.Vector128<float>>(),
    };

    private static double Measure<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        double best = 0;
        for (int turn = 0; turn < 20; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            _ = Chain<TLanes, TVector>();
            best = Math.Max(best, 2.0 * Chains * TLanes.Count * Steps / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe TVector Chain<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float one = 1;
        TVector f = TLanes.Broadcast(one), a = f, b = f, c = f, d = f, e = f, g = f, h = f, i = f, j = f, k = f, l = f, m = f, n = f, o = f, p = f, q = f;
        for (int step = 0; step < Steps; step++)
        {
            a = TLanes.MultiplyAdd(f, f, a);
            b = TLanes.MultiplyAdd(f, f, b);
            c = TLanes.MultiplyAdd(f, f, c);
            d = TLanes.MultiplyAdd(f, f, d);
            e = TLanes.MultiplyAdd(f, f, e);
            g = TLanes.MultiplyAdd(f, f, g);
            h = TLanes.MultiplyAdd(f, f, h);
            i = TLanes.MultiplyAdd(f, f, i);
            j = TLanes.MultiplyAdd(f, f, j);
            k = TLanes.MultiplyAdd(f, f, k);
            l = TLanes.MultiplyAdd(f, f, l);
            m = TLanes.MultiplyAdd(f, f, m);
            n = TLanes.MultiplyAdd(f, f, n);
            o = TLanes.MultiplyAdd(f, f, o);
            p = TLanes.MultiplyAdd(f, f, p);
            q = TLanes.MultiplyAdd(f, f, q);
        }

        TVector first = TLanes.MultiplyAdd(a, b, TLanes.MultiplyAdd(c, d, TLanes.MultiplyAdd(e, g, TLanes.MultiplyAdd(h, i, j))));
        return TLanes.MultiplyAdd(k, l, TLanes.MultiplyAdd(m, n, TLanes.MultiplyAdd(o, p, TLanes.MultiplyAdd(q, q, first))));
    }
}
