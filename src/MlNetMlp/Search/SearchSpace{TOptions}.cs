using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>Which options a search may change, how, and within which bounds. Immutable: every method returns a larger space.</summary>
/// <remarks>
/// A point of the space is made by taking the baseline through the functions of all dimensions, in the order in which they were
/// added. Names are labels for tables only. Random search draws every dimension independently, which finds better points than a grid of as
/// many trials when only a few dimensions matter, as each trial tries new values of all of them (Bergstra and Bengio, Random Search for
/// Hyper-Parameter Optimization, 2012). <see cref="SearchSpace.Default"/> is a space to begin with.
/// </remarks>
/// <typeparam name="TOptions">The options of one of the trainers.</typeparam>
/// <example>
/// <code>
/// using MlNetMlp.Search;
///
/// var space = new SearchSpace&lt;MlpMulticlassTrainer.Options&gt;(new MlpMulticlassTrainer.Options())
///     .Number("rate", 1e-3f, 3e-2f, SearchScale.Logarithmic, (options, rate) => options with { LearningRate = Schedule.Cosine(rate) })
///     .WholeNumber("units", 16, 256, SearchScale.Logarithmic, (options, units) => options with { HiddenLayers = [new(units), new(units)] })
///     .Choice("effort", [Effort.Balanced, Effort.Best], (options, effort) => options with { Effort = effort });
/// </code>
/// </example>
public sealed class SearchSpace<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly Dimension<TOptions>[] _dimensions;

    /// <summary>A space of one point, the options that all trials start from.</summary>
    /// <param name="baseline">The options of every trial before the dimensions change them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="baseline"/> is null.</exception>
    public SearchSpace(TOptions baseline)
        : this(baseline ?? throw new ArgumentNullException(nameof(baseline)), [])
    {
    }

    private SearchSpace(TOptions baseline, Dimension<TOptions>[] dimensions)
    {
        Baseline = baseline;
        _dimensions = dimensions;
    }

    /// <summary>The options that all trials start from.</summary>
    internal TOptions Baseline { get; }

    /// <summary>The labels of the dimensions, in their order; those of branches behind the name of the branch.</summary>
    public IReadOnlyList<string> Names => [.. _dimensions.SelectMany(dimension => dimension.Names).Distinct(StringComparer.Ordinal)];

    /// <summary>Adds a real number.</summary>
    /// <param name="name">Its label.</param>
    /// <param name="low">The lowest value; on a logarithmic scale greater than 0.</param>
    /// <param name="high">The highest value, greater than <paramref name="low"/>.</param>
    /// <param name="scale">
    /// Linear: <c>low + (high - low) u</c>, logarithmic: <c>low (high / low)^u</c>, with <c>u</c> uniform in [0, 1), or on a grid in equal
    /// steps from 0 to 1.
    /// </param>
    /// <param name="apply">Puts the value into the options.</param>
    /// <param name="gridPoints">The number of values in a grid, both bounds among them; one is the middle. Null: what <see cref="GridSearch"/> says.</param>
    /// <exception cref="ArgumentNullException"><paramref name="apply"/> is null.</exception>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SearchSpace<TOptions> Number(string name, float low, float high, SearchScale scale, Func<TOptions, float, TOptions> apply, int? gridPoints = null) =>
        Add(new RealDimension<TOptions>(name, low, high, scale, apply, gridPoints));

    /// <summary>Adds a whole number: <c>low, low + step, low + 2 step, ...</c> up to <paramref name="high"/>.</summary>
    /// <param name="name">Its label.</param>
    /// <param name="low">The lowest value; on a logarithmic scale greater than 0.</param>
    /// <param name="high">A bound of the values, greater than <paramref name="low"/>; a value itself if steps lead to it.</param>
    /// <param name="scale">
    /// Linear: all values are equally likely. Logarithmic: value <c>n</c> has the probability
    /// <c>log((n + step) / n) / log((last + step) / low)</c>, so that equal ratios are equally likely.
    /// </param>
    /// <param name="apply">Puts the value into the options.</param>
    /// <param name="step">The difference of neighbours, at least 1.</param>
    /// <param name="gridPoints">
    /// The number of values in a grid, evenly over the scale, rounded to steps; equal ones are taken once. Null: what <see cref="GridSearch"/> says.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="apply"/> is null.</exception>
    /// <exception cref="ArgumentException">The name is empty or in use.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SearchSpace<TOptions> WholeNumber(
        string name, int low, int high, SearchScale scale, Func<TOptions, int, TOptions> apply, int step = 1, int? gridPoints = null) =>
        Add(new WholeDimension<TOptions>(name, low, high, scale, step, apply, gridPoints));

    /// <summary>Adds a choice of values, all equally likely, all of them in a grid.</summary>
    /// <typeparam name="T">The type of the values, for example <see cref="Optimizer"/>.</typeparam>
    /// <param name="name">Its label.</param>
    /// <param name="values">The values, at least one.</param>
    /// <param name="apply">Puts the value into the options.</param>
    /// <param name="describe">A value in words, for tables. Null: what <c>ToString</c> says.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are no values.</exception>
    public SearchSpace<TOptions> Choice<T>(string name, IReadOnlyList<T> values, Func<TOptions, T, TOptions> apply, Func<T, string>? describe = null) =>
        Add(new ChoiceDimension<TOptions, T>(name, values, apply, describe));

    /// <summary>
    /// Adds a choice of spaces: one alternative is taken, all equally likely, and only its own dimensions are searched, such as the momentum
    /// of an optimizer that has one. A grid has the points of all alternatives.
    /// </summary>
    /// <param name="name">Its label.</param>
    /// <param name="alternatives">The name of each alternative, and what it adds to an empty space. Different alternatives may use the same labels.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A name is empty or in use, or there are no alternatives.</exception>
    public SearchSpace<TOptions> Branch(
        string name, params (string Name, Func<SearchSpace<TOptions>, SearchSpace<TOptions>> Add)[] alternatives) =>
        Add(new BranchDimension<TOptions>(name, new SearchSpace<TOptions>(Baseline), alternatives));

    /// <summary>Adds a change that every point has: for an alternative of <see cref="Branch"/> that differs in more than numbers.</summary>
    /// <param name="apply">Changes the options.</param>
    /// <exception cref="ArgumentNullException"><paramref name="apply"/> is null.</exception>
    public SearchSpace<TOptions> Set(Func<TOptions, TOptions> apply) => Add(new FixedDimension<TOptions>(apply));

    internal SearchPoint<TOptions> Draw(SearchRandom random) =>
        SearchPoint<TOptions>.Combine(_dimensions.Select((dimension, i) => dimension.Draw(random.At(i))));

    internal SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random) =>
        SearchPoint<TOptions>.Combine(_dimensions.Select((dimension, i) => dimension.Propose(evidence, random.At(i))));

    internal BigInteger GridSize(int points) =>
        _dimensions.Aggregate(BigInteger.One, (size, dimension) => size * dimension.GridSize(points));

    /// <summary>A point of the grid; the last dimension changes from each point to the next.</summary>
    internal SearchPoint<TOptions> GridPoint(int index, int points)
    {
        var parts = new SearchPoint<TOptions>[_dimensions.Length];
        for (int i = _dimensions.Length - 1; i >= 0; i--)
        {
            (index, int own) = Math.DivRem(index, (int)_dimensions[i].GridSize(points));
            parts[i] = _dimensions[i].GridPoint(own, points);
        }

        return SearchPoint<TOptions>.Combine(parts);
    }

    private SearchSpace<TOptions> Add(Dimension<TOptions> dimension)
    {
        string? used = dimension.Names.FirstOrDefault(Names.Contains);
        return used is null
            ? new(Baseline, [.. _dimensions, dimension])
            : throw new ArgumentException($"The search space has a dimension '{used}' already; another needs another name.");
    }

    /// <summary>The names of what is varied, for example <c>LearningRate, Units</c>.</summary>
    public override string ToString() => _dimensions.Length == 0 ? "nothing is varied" : string.Join(", ", Names);
}
