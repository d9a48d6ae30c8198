namespace MlNetMlp.TestSupport;

/// <summary>Counts the bytes that a piece of work allocates on the calling thread.</summary>
internal static class Allocations
{
    private const int Passes = 5;

    /// <summary>
    /// The fewest bytes of several passes, after one to warm up: now and then the runtime itself allocates something, such as a larger table of
    /// casts, on whichever thread needs it. What the work allocates is allocated in every pass.
    /// </summary>
    public static long Of(Action work)
    {
        work();
        return Enumerable.Range(0, Passes).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
