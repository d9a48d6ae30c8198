using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Which features of a network have a <see cref="PeriodicEmbedding"/>, and which one. Immutable, compared by value.</summary>
internal sealed class PeriodicNumbers : ISettings, IEquatable<PeriodicNumbers>
{
    private readonly int[] _numbers;

    /// <param name="embedding">The embedding.</param>
    /// <param name="numbers">The features, ascending, at least one.</param>
    /// <exception cref="ArgumentException">There are none, they are not ascending, or one is negative.</exception>
    public PeriodicNumbers(PeriodicEmbedding embedding, int[] numbers)
    {
        (Embedding, _numbers) = (embedding, numbers);
        if (numbers.Length == 0 || numbers[0] < 0 || numbers.Zip(numbers.Skip(1)).Any(pair => pair.Second <= pair.First))
        {
            throw new ArgumentException("Embedded numbers are features from 0 on, in their order.");
        }
    }

    public PeriodicEmbedding Embedding { get; }

    /// <summary>The features, ascending.</summary>
    public ReadOnlySpan<int> Numbers => _numbers;

    public int Count => _numbers.Length;

    /// <summary>The number of columns that they add.</summary>
    public int OutputSize => checked(Count * Embedding.Width);

    /// <summary>The number of parameters, in floating point, which no sizes can overflow.</summary>
    public double ParameterCount => (double)Count
        * (((double)Embedding.Waves * Embedding.Width) + Embedding.Width + (Embedding.LearnsPhases ? 2.0 : 1.0) * Embedding.Frequencies);

    /// <summary>The feature that each column is made of, where there were columns before.</summary>
    /// <param name="before">The features of those.</param>
    public int[] Features(IEnumerable<int> before) => [.. before, .. _numbers.SelectMany(number => Enumerable.Repeat(number, Embedding.Width))];

    /// <summary>The same numbers behind a map of categories, which keeps them.</summary>
    public PeriodicNumbers Behind(CategoryMap categories) => new(Embedding, Array.ConvertAll(_numbers, categories.ColumnOf));

    public bool Equals(PeriodicNumbers? other) => other is not null && Embedding == other.Embedding && Numbers.SequenceEqual(other.Numbers);

    public override bool Equals(object? other) => Equals(other as PeriodicNumbers);

    public override int GetHashCode() => HashCode.Combine(Embedding, Count);

    /// <summary>For example <c>8 numbers by PbldEmbedding</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} numbers by {Embedding}");
}
