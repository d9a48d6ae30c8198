namespace MlNetMlp.Search;

/// <summary>
/// Tries many points for few epochs and only the best of them for more (Jamieson and Talwalkar, Non-stochastic Best Arm Identification and
/// Hyperparameter Optimization, 2016).
/// </summary>
/// <remarks>
/// <para>
/// Round k of R, from 0, has <c>n / r^k</c> trials (rounded down, at least 1) of <c>e / r^(R - 1 - k)</c> epochs (rounded, at least 1), with
/// <see cref="Points"/> n, <see cref="Epochs"/> e and <see cref="Reduction"/> r. The first round has the points of a <see cref="RandomSearch"/> with the
/// same seed, each later one the best of the round in front of it, best first. With the defaults, 27 points and 27 epochs are 40 trials of 108 epochs
/// together, where a random search would train 729.
/// </para>
/// <para>
/// Every trial is a training run from the start, whose <see cref="MlpTrainingOptions.NumberOfEpochs"/> is the round's, so that a schedule of the
/// learning rate takes its whole course: set it in relation to the epochs, as <see cref="Schedule.Cosine"/> does. Nothing is decided before a round is
/// complete, and by its results alone: the table is the same on any number of threads or machines. All trials take part in the choice of the best.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using MlNetMlp.Search;
///
/// SearchStrategy strategy = new SuccessiveHalvingSearch(points: 81, epochs: 27);
/// </code>
/// </example>
public sealed record SuccessiveHalvingSearch : SearchStrategy
{
    /// <summary>A search that begins with this many points and ends with trials of this many epochs.</summary>
    /// <param name="points">The number of points, at least 1.</param>
    /// <param name="epochs">The number of epochs in the last round, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public SuccessiveHalvingSearch(int points, int epochs)
    {
        Points = AtLeast(1, points, nameof(Points));
        Epochs = AtLeast(1, epochs, nameof(Epochs));
    }

    /// <summary>The number of points in the first round.</summary>
    public int Points { get; }

    /// <summary>The number of epochs in the last round.</summary>
    public int Epochs { get; }

    /// <summary>
    /// How many times fewer trials, and more epochs, a round has than the one in front of it; at least 2, default 3. Rounds end where a single trial is
    /// left, or their first would have less than one epoch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2.</exception>
    public int Reduction
    {
        get;
        init => field = AtLeast(2, value, nameof(Reduction));
    } = 3;

    internal override int TrialCount<TOptions>(SearchSpace<TOptions> space) => FirstOf(Rounds);

    internal override int KnownResults(int trial) => FirstOf(RoundOf(trial));

    internal override SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier)
    {
        int round = RoundOf(trial), epochs = EpochsOf(round);
        EarlierTrial[] all = [.. earlier];
        SearchPoint<TOptions> point = space.Draw(new SearchRandom(seed).At(OriginOf(trial, all)));
        return point with { Apply = options => point.Apply(options) with { NumberOfEpochs = epochs } };
    }

    /// <summary>The number of rounds.</summary>
    private int Rounds
    {
        get
        {
            int rounds = 1;
            for (long factor = Reduction; factor <= Math.Min(Points, Epochs); factor *= Reduction)
            {
                rounds++;
            }

            return rounds;
        }
    }

    /// <summary>The trial of the first round that has the same point; those with a loss come in its order, and failed ones behind them.</summary>
    private int OriginOf(int trial, EarlierTrial[] all)
    {
        for (int round = RoundOf(trial); round > 0; round--)
        {
            int first = FirstOf(round - 1);
            trial = Enumerable.Range(first, SizeOf(round - 1)).OrderBy(i => all[i].Loss ?? double.PositiveInfinity).ElementAt(trial - FirstOf(round));
        }

        return trial;
    }

    private int RoundOf(int trial) => Enumerable.Range(0, Rounds).Last(round => FirstOf(round) <= trial);

    private int FirstOf(int round) => Enumerable.Range(0, round).Sum(SizeOf);

    private int SizeOf(int round) => Math.Max(1, Points / (int)Math.Pow(Reduction, round));

    private int EpochsOf(int round) => Math.Max(1, (int)Math.Round(Epochs / Math.Pow(Reduction, Rounds - 1 - round)));

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be at least {least}."));

    /// <summary>For example <c>SuccessiveHalvingSearch { Points = 27, Epochs = 27, Reduction = 3 }</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{nameof(SuccessiveHalvingSearch)} {{ {nameof(Points)} = {Points}, {nameof(Epochs)} = {Epochs}, {nameof(Reduction)} = {Reduction} }}");
}
