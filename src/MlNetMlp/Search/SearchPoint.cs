namespace MlNetMlp.Search;

/// <summary>A point of a search space, or its part in some of the dimensions.</summary>
/// <param name="Values">The values that it has.</param>
/// <param name="Apply">Puts them into options.</param>
internal sealed record SearchPoint<TOptions>(IReadOnlyList<SearchValue> Values, Func<TOptions, TOptions> Apply)
{
    /// <summary>Several parts as one, applied in their order.</summary>
    public static SearchPoint<TOptions> Combine(IEnumerable<SearchPoint<TOptions>> parts)
    {
        SearchPoint<TOptions>[] all = [.. parts];
        return new([.. all.SelectMany(part => part.Values)], options => all.Aggregate(options, (current, part) => part.Apply(current)));
    }
}
