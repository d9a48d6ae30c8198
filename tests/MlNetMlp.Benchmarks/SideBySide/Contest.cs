namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Somebody who does a piece of work over and over.</summary>
/// <param name="Name">Who, for the table.</param>
/// <param name="Seconds">Does the work once and says how long it took.</param>
internal sealed record Contestant(string Name, Func<double> Seconds);

/// <summary>The same work for us and for others.</summary>
/// <param name="Work">What is done.</param>
/// <param name="Amount">How much of <paramref name="Unit"/> the work is.</param>
/// <param name="Unit">The unit, such as <c>rows</c>.</param>
/// <param name="Us">We.</param>
/// <param name="Others">The peers; several of one name (thread counts) count as one: its best.</param>
/// <param name="Goal">What our speed over that of each peer should reach at the least, by its name.</param>
internal sealed record Contest(
    string Work, double Amount, string Unit, Contestant Us, IReadOnlyList<Contestant> Others, IReadOnlyDictionary<string, double> Goal);

/// <summary>What came out against one peer.</summary>
/// <param name="Contest">The work.</param>
/// <param name="Peer">The peer.</param>
/// <param name="OurSeconds">Our median.</param>
/// <param name="PeerSeconds">The median of the peer's best variant.</param>
internal sealed record Outcome(Contest Contest, string Peer, double OurSeconds, double PeerSeconds)
{
    /// <summary>How many times as fast as the peer we are.</summary>
    public double Ratio => PeerSeconds / OurSeconds;

    public double? Goal => Contest.Goal.TryGetValue(Peer, out double goal) ? goal : null;
}
