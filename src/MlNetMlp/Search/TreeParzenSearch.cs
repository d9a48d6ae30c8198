namespace MlNetMlp.Search;

/// <summary>
/// Learns from trials which points are worth trying: tree-structured Parzen estimators (Bergstra, Bardenet, Bengio and Kegl, Algorithms for
/// Hyper-Parameter Optimization, 2011).
/// </summary>
/// <remarks>
/// <para>
/// The first <see cref="RandomTrials"/> points are those of a <see cref="RandomSearch"/> with the same seed. From then on, the known trials are divided
/// into the best <see cref="GoodShare"/> of them and all others, failed ones among the others. In every dimension by itself, two densities are
/// estimated: l of the values of the good trials, g of those of the others. Of <see cref="Candidates"/> values drawn from l, the one with the greatest
/// l / g is taken. Numbers have mixtures of normal densities on their scale, choices the share of each, as if each had been seen once more; what is
/// inside an alternative of a branch learns from the trials that took it.
/// </para>
/// <para>
/// <see cref="TrialsAtOnce"/> is part of what is searched, not of how fast: a trial learns from the results of all but the last
/// <c>TrialsAtOnce - 1</c> trials in front of it, and takes the points of those, whose results may not be there yet, as ones not to repeat. So the
/// table is the same on any number of threads or machines. A point that was tried already is replaced by another, unless the space has hardly any left.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using MlNetMlp.Search;
///
/// SearchStrategy strategy = new TreeParzenSearch(trials: 60) { TrialsAtOnce = 8 };
/// </code>
/// </example>
public sealed record TreeParzenSearch : SearchStrategy
{
    /// <summary>The published limit: more good trials than that say no more.</summary>
    private const int MostGood = 25;

    /// <summary>How often another point is proposed, and then drawn, instead of one that was tried.</summary>
    private const int Attempts = 8;

    /// <summary>A search with this many trials.</summary>
    /// <param name="trials">The number of trials, at least 1; of use from about 30 on.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trials"/> is less than 1.</exception>
    public TreeParzenSearch(int trials) => Trials = AtLeast(1, trials, nameof(Trials));

    /// <summary>The number of trials.</summary>
    public int Trials { get; }

    /// <summary>The number of random points at the beginning, at least 1; default 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int RandomTrials
    {
        get;
        init => field = AtLeast(1, value, nameof(RandomTrials));
    } = 10;

    /// <summary>The greatest number of trials that may run at the same time, at least 1; default 4. Fewer learn more, more end sooner.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int TrialsAtOnce
    {
        get;
        init => field = AtLeast(1, value, nameof(TrialsAtOnce));
    } = 4;

    /// <summary>The share of the trials that are the good ones, in (0, 1); default 0.15, as published. They are at least one and at most 25.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside (0, 1).</exception>
    public double GoodShare
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw OutOfRange(nameof(GoodShare), value, "in (0, 1)");
    } = 0.15;

    /// <summary>The number of values in each dimension of which the best is taken, at least 1; default 24.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Candidates
    {
        get;
        init => field = AtLeast(1, value, nameof(Candidates));
    } = 24;

    internal override int TrialCount<TOptions>(SearchSpace<TOptions> space) => Trials;

    internal override int KnownResults(int trial) => trial < RandomTrials ? 0 : Math.Max(0, trial - TrialsAtOnce + 1);

    internal override SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier)
    {
        SearchRandom random = new SearchRandom(seed).At(trial);
        if (trial < RandomTrials)
        {
            return space.Draw(random);
        }

        EarlierTrial[] all = [.. earlier];
        EarlierTrial[] ranked = [.. all.Where(one => one.Loss is not null).OrderBy(one => one.Loss)];
        if (ranked.Length == 0)
        {
            return space.Draw(random);
        }

        int good = Math.Min(MostGood, (int)Math.Ceiling(GoodShare * ranked.Length));
        var evidence = new TrialEvidence(
            [.. ranked.Take(good).Select(one => one.Values)],
            [.. ranked.Skip(good).Concat(all.Where(one => one.Loss is null)).Select(one => one.Values)],
            Candidates);
        SearchPoint<TOptions> point = space.Propose(evidence, random.At(0));
        for (int attempt = 1; attempt < 2 * Attempts && all.Any(one => one.Values.SequenceEqual(point.Values)); attempt++)
        {
            point = attempt < Attempts ? space.Propose(evidence, random.At(attempt)) : space.Draw(random.At(attempt));
        }

        return point;
    }

    private static int AtLeast(int least, int value, string name) => value >= least ? value : throw OutOfRange(name, value, $"at least {least}");

    private static ArgumentOutOfRangeException OutOfRange(string name, object value, string allowed) =>
        new(name, value, FormattableString.Invariant($"{name} is {value}; it must be {allowed}."));

    /// <summary>For example <c>TreeParzenSearch { Trials = 60, RandomTrials = 10, TrialsAtOnce = 4, GoodShare = 0.15, Candidates = 24 }</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{nameof(TreeParzenSearch)} {{ {nameof(Trials)} = {Trials}, {nameof(RandomTrials)} = {RandomTrials}, ") +
        FormattableString.Invariant($"{nameof(TrialsAtOnce)} = {TrialsAtOnce}, {nameof(GoodShare)} = {GoodShare}, {nameof(Candidates)} = {Candidates} }}");
}
