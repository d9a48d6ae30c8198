namespace MlNetMlp.Search;

/// <summary>
/// Ends trainings that do worse than others did at the same epoch: the median stopping rule (Golovin, Solnik, Moitra, Kochanski, Karro and Sculley, Google
/// Vizier: A Service for Black-Box Optimization, 2017).
/// </summary>
/// <remarks>
/// <para>
/// After each epoch from number <see cref="UnprunedEpochs"/> + 1 on, a training run stops if its least loss so far is greater than the median, over the known
/// trials that came as far on the same fold, of the mean of their losses up to that epoch; at least <see cref="UnprunedTrials"/> of them have to be
/// known. The loss is that of the rows that the training validates on, or without any that of the training rows: it is comparable only where all points of
/// the space have the same loss, and none changes its weights or its smoothing. Of an ensemble, the first network decides.
/// </para>
/// <para>
/// A trial that was ended is evaluated as far as it came, and says so (<see cref="SearchTrial.IsPruned"/>); it is the best only if there is no other. A trial
/// knows the results of all but the last <c>TrialsAtOnce - 1</c> trials in front of it, whichever training was the faster: the table is the same on any
/// number of threads or machines.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using MlNetMlp.Search;
///
/// SearchStrategy strategy = new MedianPruningSearch(new RandomSearch(trials: 60)) { UnprunedEpochs = 10 };
/// </code>
/// </example>
public sealed record MedianPruningSearch : SearchStrategy
{
    /// <summary>A search of the points of another strategy.</summary>
    /// <param name="points">Which points are tried: <see cref="RandomSearch"/>, <see cref="GridSearch"/> or <see cref="TreeParzenSearch"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> is null.</exception>
    /// <exception cref="ArgumentException">It ends trainings itself.</exception>
    public MedianPruningSearch(SearchStrategy points)
    {
        ArgumentNullException.ThrowIfNull(points);
        Points = points is RandomSearch or GridSearch or TreeParzenSearch ? points : throw new ArgumentException(
            $"The points are those of {points}; they can be those of {nameof(RandomSearch)}, {nameof(GridSearch)} or {nameof(TreeParzenSearch)}.",
            nameof(points));
    }

    /// <summary>Which points are tried.</summary>
    public SearchStrategy Points { get; }

    /// <summary>The number of trials that have to be known at an epoch before one is ended there, at least 1; default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int UnprunedTrials
    {
        get;
        init => field = AtLeast(1, value, nameof(UnprunedTrials));
    } = 5;

    /// <summary>The number of epochs that every training run has, at least 0; default 5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 0.</exception>
    public int UnprunedEpochs
    {
        get;
        init => field = AtLeast(0, value, nameof(UnprunedEpochs));
    } = 5;

    /// <summary>The greatest number of trials that may run at the same time, at least 1; default 4. Fewer know more, more end sooner.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int TrialsAtOnce
    {
        get;
        init => field = AtLeast(1, value, nameof(TrialsAtOnce));
    } = 4;

    internal override bool Prunes => true;

    internal override int TrialCount<TOptions>(SearchSpace<TOptions> space) => Points.TrialCount(space);

    internal override int KnownResults(int trial) => Math.Max(Points.KnownResults(trial), Math.Max(0, trial - TrialsAtOnce + 1));

    internal override SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier)
    {
        int known = Points.KnownResults(trial);
        return Points.Point(space, trial, seed, earlier.Select((one, i) => i < known ? one : one with { Loss = null }));
    }

    internal override double[] LossLimits(IReadOnlyList<IReadOnlyList<double>> earlier)
    {
        double[][] means = [.. earlier.Select(RunningMeans)];
        return [.. Enumerable.Range(0, means.Select(curve => curve.Length).DefaultIfEmpty(0).Max()).Select(epoch =>
        {
            double[] reached = [.. means.Where(curve => curve.Length > epoch).Select(curve => curve[epoch]).Order()];
            return epoch < UnprunedEpochs || reached.Length < UnprunedTrials ? double.PositiveInfinity
                : (reached[(reached.Length - 1) / 2] + reached[reached.Length / 2]) / 2;
        })];
    }

    private static double[] RunningMeans(IReadOnlyList<double> losses)
    {
        double sum = 0;
        return [.. losses.Select((loss, i) => (sum += loss) / (i + 1))];
    }

    private static int AtLeast(int least, int value, string name) => value >= least
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; it must be at least {least}."));

    /// <summary>
    /// For example <c>MedianPruningSearch { Points = RandomSearch { Trials = 60 }, UnprunedTrials = 5, UnprunedEpochs = 5, TrialsAtOnce = 4 }</c>.
    /// </summary>
    public override string ToString() =>
        FormattableString.Invariant($"{nameof(MedianPruningSearch)} {{ {nameof(Points)} = {Points}, {nameof(UnprunedTrials)} = {UnprunedTrials}, ") +
        FormattableString.Invariant($"{nameof(UnprunedEpochs)} = {UnprunedEpochs}, {nameof(TrialsAtOnce)} = {TrialsAtOnce} }}");
}
