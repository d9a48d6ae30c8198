
namespace MlNetMlp.Search;

/// <summary>Tries points that are drawn independently (Bergstra and Bengio, Random Search for Hyper-Parameter Optimization, 2012).</summary>
/// <remarks>
/// The point of a trial depends on the seed and the trial's number alone: a longer search begins with the trials of a shorter one. In a
/// space of few choices a point may be drawn more than once; there, <see cref="GridSearch"/> tries each just once.
/// </remarks>
public sealed record RandomSearch : SearchStrategy
{
    /// <summary>A search with this many trials.</summary>
    /// <param name="trials">
    /// The number of trials, at least 1. Sixty of them find one of the best five per cent of the points with a probability of 95 %.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trials"/> is less than 1.</exception>
    public RandomSearch(int trials) => Trials = trials >= 1
        ? trials
        : throw new ArgumentOutOfRangeException(nameof(trials), trials, FormattableString.Invariant($"{nameof(Trials)} is {trials}; it must be at least 1."));

    /// <summary>The number of trials.</summary>
    public int Trials { get; }

    internal override int TrialCount<TOptions>(SearchSpace<TOptions> space) => Trials;

    internal override SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier) =>
        space.Draw(new SearchRandom(seed).At(trial));

    /// <summary>For example <c>RandomSearch { Trials = 20 }</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(RandomSearch)} {{ {nameof(Trials)} = {Trials} }}");
}
