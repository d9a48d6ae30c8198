using System.Diagnostics.CodeAnalysis;

namespace MlNetMlp.Search;

/// <summary>A trial with the options of its trainer.</summary>
/// <typeparam name="TOptions">The options of the trainer.</typeparam>
public sealed class SearchTrial<TOptions> : SearchTrial
    where TOptions : MlpTrainerOptions
{
    internal SearchTrial(
        int number, IReadOnlyList<SearchValue> values, TOptions? options, string metric, IReadOnlyList<FoldScore> folds, Exception? error)
        : base(number, values, metric, folds, error) => Options = options;

    /// <summary>The options of the trial, with the seed of its training runs: a trainer with these options reproduces the trial.</summary>
    /// <exception cref="InvalidOperationException">The trial failed before it had options; see <see cref="SearchTrial.Error"/>.</exception>
    [AllowNull]
    public TOptions Options => field ?? throw new InvalidOperationException($"Trial {Number} has no options: {Error?.Message}", Error);
}
