
namespace MlNetMlp.Search;

/// <summary>
/// Which points of a search space are tried: <see cref="RandomSearch"/>, <see cref="GridSearch"/>, <see cref="TreeParzenSearch"/> or
/// <see cref="SuccessiveHalvingSearch"/>.
/// </summary>
public abstract record SearchStrategy
{
    private protected SearchStrategy()
    {
    }

    /// <summary>The number of trials in a space.</summary>
    /// <exception cref="ArgumentException">The space is too large for this strategy.</exception>
    internal abstract int TrialCount<TOptions>(SearchSpace<TOptions> space)
        where TOptions : MlpTrainerOptions;

    /// <summary>
    /// The number of first trials whose results the point of a trial may depend on. It never falls from one trial to the next; nothing else of what has
    /// ended is told, so that points do not depend on which training run was the faster.
    /// </summary>
    /// <param name="trial">The trial, from 0.</param>
    internal virtual int KnownResults(int trial) => 0;

    /// <summary>The point of a trial, from 0.</summary>
    /// <param name="space">The space.</param>
    /// <param name="trial">The trial, from 0.</param>
    /// <param name="seed">The seed of the search.</param>
    /// <param name="earlier">All trials in front of it; those beyond <see cref="KnownResults"/> have no loss.</param>
    internal abstract SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier)
        where TOptions : MlpTrainerOptions;
}
