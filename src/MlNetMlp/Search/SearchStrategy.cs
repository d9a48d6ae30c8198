
namespace MlNetMlp.Search;

/// <summary>Which points of a search space are tried: <see cref="RandomSearch"/> or <see cref="GridSearch"/>.</summary>
public abstract record SearchStrategy
{
    private protected SearchStrategy()
    {
    }

    /// <summary>The number of trials in a space.</summary>
    /// <exception cref="ArgumentException">The space is too large for this strategy.</exception>
    internal abstract int TrialCount<TOptions>(SearchSpace<TOptions> space)
        where TOptions : MlpTrainerOptions;

    /// <summary>The point of a trial, from 0.</summary>
    internal abstract SearchPoint<TOptions> Point<TOptions>(SearchSpace<TOptions> space, int trial, int seed)
        where TOptions : MlpTrainerOptions;
}
