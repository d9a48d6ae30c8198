namespace MlNetMlp.Search;

/// <summary>What earlier trials say of the values of a space: the good ones, and all others.</summary>
/// <param name="Good">The points of the good trials.</param>
/// <param name="Others">The points of the others.</param>
/// <param name="Candidates">The number of values to choose from.</param>
internal sealed record TrialEvidence(
    IReadOnlyList<IReadOnlyList<SearchValue>> Good, IReadOnlyList<IReadOnlyList<SearchValue>> Others, int Candidates)
{
    /// <summary>Where good trials are in a dimension; those without a value in it are left out.</summary>
    public double[] PositionsOfGood(string name) => Positions(Good, name);

    /// <summary>Where the others are.</summary>
    public double[] PositionsOfOthers(string name) => Positions(Others, name);

    /// <summary>What the trials with one alternative of a branch say.</summary>
    public TrialEvidence OfBranch(string name, int alternative)
    {
        return this with { Good = With(Good), Others = With(Others) };

        IReadOnlyList<SearchValue>[] With(IEnumerable<IReadOnlyList<SearchValue>> points) =>
            [.. points.Where(point => point.Any(value => value.Name == name && value.Position == alternative))];
    }

    /// <summary>One of some categories.</summary>
    public int Propose(string name, int count, SearchRandom random)
    {
        double[] good = Shares(PositionsOfGood(name), count), others = Shares(PositionsOfOthers(name), count);
        return Best(random, candidate => Draw(good, candidate.Unit), category => good[category] / others[category]);
    }

    /// <summary>The candidate with the greatest ratio of densities; the first of equals.</summary>
    public T Best<T>(SearchRandom random, Func<SearchRandom, T> draw, Func<T, double> ratio) =>
        Enumerable.Range(0, Candidates).Select(i => draw(random.At(i))).MaxBy(ratio)!;

    /// <summary>The share of each category: <c>(1 + n_i) / (count + n)</c>, as if each had been observed once before.</summary>
    public static double[] Shares(double[] positions, int count) =>
        [.. Enumerable.Range(0, count).Select(category => (1.0 + positions.Count(position => position == category)) / (count + positions.Length))];

    private static double[] Positions(IEnumerable<IReadOnlyList<SearchValue>> points, string name) =>
        [.. points.SelectMany(point => point).Where(value => value.Name == name).Select(value => value.Position)];

    private static int Draw(double[] shares, double unit)
    {
        int category = 0;
        for (; category < shares.Length - 1 && unit >= shares[category]; category++)
        {
            unit -= shares[category];
        }

        return category;
    }
}
