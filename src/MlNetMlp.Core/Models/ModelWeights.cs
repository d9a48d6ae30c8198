using System.Collections;

namespace MlNetMlp.Networks;

/// <summary>All numbers that a trained network consists of, by the names of its layers. Immutable.</summary>
public sealed class ModelWeights : IReadOnlyList<WeightMatrix>
{
    private readonly WeightMatrix[] _all;

    internal ModelWeights(IEnumerable<WeightMatrix> all) => _all = [.. all];

    /// <inheritdoc/>
    public int Count => _all.Length;

    /// <inheritdoc/>
    public WeightMatrix this[int index] => _all[index];

    /// <summary>Those of a name.</summary>
    /// <param name="name">The name, for example <c>Hidden1.Weights</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such name; the message has all names.</exception>
    public WeightMatrix this[string name] => Array.Find(_all, matrix => matrix.Name == name)
        ?? throw new KeyNotFoundException($"The network has no '{name}'; it has {this}.");

    /// <inheritdoc/>
    public IEnumerator<WeightMatrix> GetEnumerator() => ((IEnumerable<WeightMatrix>)_all).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names.</summary>
    public override string ToString() => string.Join(", ", _all.Select(matrix => matrix.Name));
}
