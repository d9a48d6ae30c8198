using System.Numerics;

namespace MlNetMlp.Search;

/// <summary>One of some spaces, each with dimensions of its own.</summary>
internal sealed class BranchDimension<TOptions> : Dimension<TOptions>
    where TOptions : MlpTrainerOptions
{
    private readonly string _name;
    private readonly (string Name, SearchSpace<TOptions> Space)[] _alternatives;

    public BranchDimension(
        string name, SearchSpace<TOptions> empty, (string Name, Func<SearchSpace<TOptions>, SearchSpace<TOptions>> Add)[] alternatives)
    {
        _name = CheckName(name);
        ArgumentNullException.ThrowIfNull(alternatives);
        if (alternatives.Length == 0)
        {
            throw new ArgumentException($"The branch '{name}' has no alternatives.", nameof(alternatives));
        }

        _alternatives = [.. alternatives.Select(alternative => (CheckName(alternative.Name), Build(alternative.Name, alternative.Add)))];

        SearchSpace<TOptions> Build(string alternative, Func<SearchSpace<TOptions>, SearchSpace<TOptions>> add)
        {
            ArgumentNullException.ThrowIfNull(add, nameof(alternatives));
            SearchSpace<TOptions> space = add(empty)
                ?? throw new ArgumentException($"The alternative '{alternative}' of the branch '{name}' returned no space.", nameof(alternatives));
            return space.Names.Contains(name)
                ? throw new ArgumentException(
                    $"The alternative '{alternative}' has a dimension '{name}', as the branch itself; one of them needs another name.", nameof(alternatives))
                : space;
        }
    }

    public override IEnumerable<string> Names => _alternatives.SelectMany(alternative => alternative.Space.Names).Prepend(_name)
        .Distinct(StringComparer.Ordinal);

    public override SearchPoint<TOptions> Draw(SearchRandom random)
    {
        int chosen = random.Below(_alternatives.Length);
        return Point(chosen, _alternatives[chosen].Space.Draw(random.At(chosen)));
    }

    public override SearchPoint<TOptions> Propose(TrialEvidence evidence, SearchRandom random)
    {
        int chosen = evidence.Propose(_name, _alternatives.Length, random.At(0));
        return Point(chosen, _alternatives[chosen].Space.Propose(evidence.OfBranch(_name, chosen), random.At(1)));
    }

    public override BigInteger GridSize(int points) =>
        _alternatives.Aggregate(BigInteger.Zero, (size, alternative) => size + alternative.Space.GridSize(points));

    public override SearchPoint<TOptions> GridPoint(int index, int points)
    {
        int chosen = 0;
        for (int size; index >= (size = (int)_alternatives[chosen].Space.GridSize(points)); chosen++)
        {
            index -= size;
        }

        return Point(chosen, _alternatives[chosen].Space.GridPoint(index, points));
    }

    private SearchPoint<TOptions> Point(int chosen, SearchPoint<TOptions> own)
    {
        string alternative = _alternatives[chosen].Name;
        return own with { Values = [new SearchValue(_name, alternative, alternative) { Position = chosen }, .. own.Values] };
    }
}
