using System.Diagnostics;
using System.Globalization;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Says on the console what runs, what came of it, and how long the rest may take.</summary>
/// <param name="jobs">All that will run.</param>
/// <param name="atOnce">How many run side by side.</param>
internal sealed class QualityProgress(QualityJob[] jobs, int atOnce)
{
    private readonly Lock _lock = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<QualityJob, long> _running = [];
    private readonly Dictionary<string, (double Rows, double Seconds)> _speeds = [];
    private readonly List<QualityJob> _left = [.. jobs];

    public void Begin(QualityJob job)
    {
        lock (_lock)
        {
            _running[job] = Stopwatch.GetTimestamp();
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r\e[K{Number(job)} {job} ...");
            }
        }
    }

    public void End(QualityJob job, QualityResult result)
    {
        lock (_lock)
        {
            double seconds = Stopwatch.GetElapsedTime(_running[job]).TotalSeconds;
            _running.Remove(job);
            _left.Remove(job);
            foreach (string key in (string[])[job.Side.Name, ""])
            {
                (double rows, double sum) = _speeds.GetValueOrDefault(key);
                _speeds[key] = (rows + job.Set.Rows, sum + seconds);
            }

            string outcome = result.Problem ?? string.Create(CultureInfo.InvariantCulture, $"{result.Metric:G4} in {result.FitSeconds:F2} s");
            Console.Error.WriteLine(
                (Console.IsErrorRedirected ? "" : "\r\e[K") +
                $"{Number(job)} {job}: {outcome}; {Time(Stopwatch.GetElapsedTime(_start))} elapsed, some {Time(Rest())} to go");
        }
    }

    private string Number(QualityJob job) => $"[{Array.IndexOf(jobs, job) + 1}/{jobs.Length}]";

    /// <summary>The time of what is left, if each side goes on as fast for a row as so far, and one that has not run yet as fast as all.</summary>
    private TimeSpan Rest() => TimeSpan.FromSeconds(_left.Sum(job =>
    {
        (double rows, double seconds) = _speeds.GetValueOrDefault(job.Side.Name, _speeds[""]);
        return job.Set.Rows * seconds / rows;
    }) / atOnce);

    private static string Time(TimeSpan time) => time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
}
