using System.Diagnostics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Lets contestants take turns, so that whatever else the machine does meets all of them, and compares their medians.</summary>
internal static class Rounds
{
    /// <summary>
    /// How long everybody warms up: the peers load their libraries and the data, and our runtime compiles what it runs often anew, in the
    /// background and only after a while.
    /// </summary>
    private const double WarmUpSeconds = 1.5;

    /// <param name="contest">The work.</param>
    /// <param name="rounds">How often each contestant does it, after turns that are not counted.</param>
    /// <param name="problem">Told of peers that cannot take part.</param>
    public static IEnumerable<Outcome> Run(Contest contest, int rounds, Action<string> problem)
    {
        var others = new List<(Contestant Who, List<double> Seconds)>();
        foreach (Contestant other in contest.Others)
        {
            try
            {
                WarmUp(other);
                others.Add((other, []));
            }
            catch (InvalidOperationException exception)
            {
                problem($"{other.Name}: {exception.Message}");
            }
        }

        WarmUp(contest.Us);
        var ours = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            ours.Add(contest.Us.Seconds());
            foreach ((Contestant who, List<double> seconds) in others)
            {
                seconds.Add(who.Seconds());
            }
        }

        return others
            .GroupBy(other => other.Who.Name)
            .Select(group => new Outcome(contest, group.Key, Median(ours), group.Min(other => Median(other.Seconds))));
    }

    private static void WarmUp(Contestant who)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            who.Seconds();
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
    }

    public static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
