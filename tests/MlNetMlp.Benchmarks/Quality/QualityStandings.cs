namespace MlNetMlp.Benchmarks.Quality;

/// <summary>How all sides do on all sets.</summary>
internal sealed class QualityStandings
{
    private readonly Dictionary<(string Set, string Side), QualityStanding> _standings = [];

    private QualityStandings(QualityOptions options) => Options = options;

    public QualityOptions Options { get; }

    /// <summary>The sets of which there are results, by name, texts last.</summary>
    public IReadOnlyList<QualitySet> Sets { get; private init; } = [];

    /// <summary>The sides that have results, the reference first and ours last.</summary>
    public IReadOnlyList<QualitySide> Sides { get; private init; } = [];

    /// <param name="results">All there are, the latest last.</param>
    /// <param name="sets">Those to look at.</param>
    /// <param name="sides">Those to look at.</param>
    /// <param name="options">Say which split and how many threads. Of ours, the results of this code
    /// count; with <see cref="QualityOptions.Report"/>, those of the code of their latest result.</param>
    public static QualityStandings Of(IReadOnlyList<QualityResult> results, QualitySet[] sets, QualitySide[] sides, QualityOptions options)
    {
        QualityResult[] wanted = [.. results.Where(result => result.Split == QualitySplit.NameOf(options.Folds) && result.Threads == options.Threads)];
        var standings = new Dictionary<(string, string), QualityStanding>();
        foreach (QualitySide side in sides)
        {
            string? code = options.Report ? wanted.LastOrDefault(result => result.Side == side.Name)?.Code : side.Code;
            foreach (QualitySet set in sets)
            {
                if (QualityStanding.Of(wanted.Where(one => one.Side == side.Name && one.Set == set.Name && one.Code == code), options.Folds ?? 1) is { } found)
                {
                    standings[(set.Name, side.Name)] = found;
                }
            }
        }

        var all = new QualityStandings(options)
        {
            Sets = [.. sets.Where(set => standings.Keys.Any(key => key.Item1 == set.Name)).OrderBy(set => set.IsText).ThenBy(set => set.Name)],
            Sides = [.. sides.Where(side => standings.Keys.Any(key => key.Item2 == side.Name))],
        };
        foreach (((string, string) key, QualityStanding standing) in standings)
        {
            all._standings[key] = standing;
        }

        return all;
    }

    public QualityStanding? Of(QualitySet set, QualitySide side) => Of(set, side.Name);

    /// <summary>What the others are compared with.</summary>
    public QualityStanding? Reference(QualitySet set) => Of(set, QualitySide.Reference);

    /// <summary>A side against the reference.</summary>
    /// <param name="side">The side.</param>
    /// <param name="value">What is compared; sets on which the reference has none are left out.</param>
    public QualityComparison Compare(QualitySide side, Func<QualityStanding, double?> value) => new(
    [
        .. from set in Sets
           let ours = Of(set, side)
           let reference = Reference(set)
           where ours is not null && reference is not null
           let number = value(ours)
           let against = value(reference)
           where number is not null && against is not null && !double.IsNaN(against.Value)
           select (set.Name, QualityComparison.Difference(number.Value, against.Value)),
    ]);

    private QualityStanding? Of(QualitySet set, string side) => _standings.GetValueOrDefault((set.Name, side));
}
