namespace MlNetMlp.TestSupport;

/// <summary>Reads mutated files, and finds what is worse than a clear exception: another one, a model that does not score, too much time or memory.</summary>
internal sealed class MutationRun
{
    private const long FreeBytes = 64L << 20;

    public List<string> Failures { get; } = [];

    public int Models { get; private set; }

    public SortedDictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>The most time of the processor that one took; it means something where nothing else runs in the process.</summary>
    public TimeSpan Slowest { get; private set; }

    public long MostBytes { get; private set; }

    /// <summary>Reads the mutations with the numbers from <paramref name="first"/> up to, but not with, <paramref name="end"/>.</summary>
    public void Read(string name, Func<int, byte[]> mutation, Func<Stream, IEnumerable<MlpModel>> load, int first, int end)
    {
        for (int number = first; number < end; number++)
        {
            byte[] file = mutation(number);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            string? failure = null;
            try
            {
                foreach (MlpModel model in load(new MemoryStream(file)))
                {
                    Models++;
                    failure ??= Score(model);
                }
            }
            catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
            {
                string kind = (exception.InnerException ?? exception).GetType().Name;
                Refusals[kind] = Refusals.GetValueOrDefault(kind) + 1;
                failure = exception.Message.Length > 20 ? null : "says nothing";
            }
#pragma warning disable CA1031 // Any other exception is what is looked for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = exception.ToString();
            }

            TimeSpan time = Environment.CpuUsage.TotalTime - start;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Slowest = time > Slowest ? time : Slowest;
            MostBytes = Math.Max(MostBytes, bytes);
            failure ??= bytes > 4L * file.Length + FreeBytes ? $"asks for {bytes} bytes, the file has {file.Length}" : null;
            if (failure is not null)
            {
                Failures.Add($"{name}, mutation {number}: {failure}");
            }
        }
    }

    /// <summary>What is wrong with a model that was read; null if nothing is.</summary>
    private static string? Score(MlpModel model)
    {
        float[] scores = new float[model.OutputCount];
        try
        {
            model.Predict(new float[model.FeatureCount], scores);
        }
        catch (InvalidFeatureException)
        {
            return null;
        }

        return Array.TrueForAll(scores, float.IsFinite) ? null : "the scores are not finite";
    }
}
