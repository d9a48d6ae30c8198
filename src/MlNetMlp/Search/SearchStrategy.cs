
namespace MlNetMlp.Search;

/// <summary>
/// Which points of a search space are tried, and how far: <see cref="RandomSearch"/>, <see cref="GridSearch"/>, <see cref="TreeParzenSearch"/>,
/// <see cref="SuccessiveHalvingSearch"/> or <see cref="MedianPruningSearch"/>.
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

    /// <summary>Whether training runs may end before their last epoch because of what others have reached.</summary>
    internal virtual bool Prunes => false;

    /// <summary>The loss after each epoch, from the first, that a training run must not exceed, if <see cref="Prunes"/>.</summary>
    /// <param name="earlier">The losses after each epoch of the known training runs on the same fold.</param>
    internal virtual double[] LossLimits(IReadOnlyList<IReadOnlyList<double>> earlier) => [];

    /// <summary>The point of a trial, from 0.</summary>
    /// <param name="space">The space.</param>
    /// <param name="trial">The trial, from 0.</param>
    /// <param name="seed">The seed of the search.</param>
    /// <param name="earlier">All trials in front of it; those beyond <see cref="KnownResults"/> have no loss.</param>
    internal abstract SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed, IEnumerable<EarlierTrial> earlier)
        where TOptions : MlpTrainerOptions;
}
