using System.Numerics.Tensors;
using MlNetMlp.Networks;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What a network sees of groups of one-hot features: a small group has a column more, a large one a vector in the place of its features. Learned from
/// training rows, but for the vectors; immutable, compared by value.
/// </summary>
/// <remarks>
/// With x [features] the columns are those features that are not embedded, in their order; then <c>1 - sum_j x_j</c> for every group that stays; then for
/// every group that is embedded <c>sum_j x_j E_j + (1 - sum_j x_j) E_other</c> with its rows of the table E [any, width], E_other the last of them. A
/// group that is dropped has all x_j = 0.
/// </remarks>
internal sealed class CategoryMap : ISettings, IEquatable<CategoryMap>
{
    /// <summary>Up to so many columns, dense products are quick and rows small.</summary>
    private const int MostDenseColumns = 1024;

    private readonly CategoricalGroup[] _groups;
    private readonly bool[] _isEmbedded;

    /// <summary>The features that are not embedded.</summary>
    private readonly int[] _kept;

    /// <summary>[features]: the column of each, or -1 where it is embedded.</summary>
    private readonly int[] _places;

    /// <summary>[groups]: the column, or the first one, that each adds.</summary>
    private readonly int[] _columns;

    /// <summary>[groups]: the first row of the table that belongs to each; meaningless where it is not embedded.</summary>
    private readonly int[] _tableRows;

    /// <param name="featureCount">The number of features.</param>
    /// <param name="groups">The groups, ascending, without overlap.</param>
    /// <param name="isEmbedded">Whether each group is embedded.</param>
    /// <param name="width">The number of elements of a vector; of no effect where no group is embedded.</param>
    /// <param name="dropout">The probability, in [0, 1), with which training drops a group of a row.</param>
    /// <exception cref="ArgumentException">A group, the width or the probability cannot be.</exception>
    public CategoryMap(int featureCount, CategoricalGroup[] groups, bool[] isEmbedded, int width, float dropout)
    {
        if (CategoricalGroup.Problem(groups, featureCount) is { } problem)
        {
            throw new ArgumentException($"Of {featureCount} features, {problem}.", nameof(groups));
        }

        Throw.IfLengthsDiffer(groups.Length, isEmbedded.Length, nameof(isEmbedded));
        (FeatureCount, _groups, _isEmbedded) = (featureCount, groups, isEmbedded);
        Width = isEmbedded.Contains(true) ? Require.Positive(width, nameof(width)) : 0;
        Dropout = Require.InRangeBelow(dropout, 0f, 1f, nameof(dropout));
        (_columns, _tableRows, _places) = (new int[groups.Length], new int[groups.Length], new int[featureCount]);
        for (int g = 0; g < groups.Length; g++)
        {
            _places.AsSpan(groups[g].First, groups[g].Size).Fill(isEmbedded[g] ? -1 : 0);
        }

        _kept = [.. Enumerable.Range(0, featureCount).Where(j => _places[j] == 0)];
        for (int i = 0; i < _kept.Length; i++)
        {
            _places[_kept[i]] = i;
        }

        OutputSize = _kept.Length;
        Add(ofEmbedded: false, 1);
        Add(ofEmbedded: true, Width);

        void Add(bool ofEmbedded, int columns)
        {
            for (int g = 0; g < groups.Length; g++)
            {
                if (isEmbedded[g] == ofEmbedded)
                {
                    (_columns[g], _tableRows[g]) = (OutputSize, TableRows);
                    OutputSize = checked(OutputSize + columns);
                    TableRows = checked(TableRows + (ofEmbedded ? groups[g].Size + 1 : 0));
                }
            }
        }
    }

    /// <summary>The number of features.</summary>
    public int FeatureCount { get; }

    /// <summary>The groups.</summary>
    public ReadOnlySpan<CategoricalGroup> Groups => _groups;

    /// <summary>Whether each group is embedded.</summary>
    public ReadOnlySpan<bool> IsEmbedded => _isEmbedded;

    /// <summary>The features that are not embedded: the first columns.</summary>
    public ReadOnlySpan<int> Kept => _kept;

    /// <summary>The number of elements of a vector; 0 where no group is embedded.</summary>
    public int Width { get; }

    /// <summary>The probability with which training drops a group of a row.</summary>
    public float Dropout { get; }

    /// <summary>The number of columns.</summary>
    public int OutputSize { get; private set; }

    /// <summary>The number of rows of the table; each embedded group has one for every feature, and one more.</summary>
    public int TableRows { get; private set; }

    /// <summary>The number of columns of all vectors: the last ones.</summary>
    public int VectorColumns => Width * _isEmbedded.Count(true);

    /// <summary>Whether vectors leave so few columns that sparse rows are dense behind the map.</summary>
    public bool IsDense => Width > 0 && OutputSize <= MostDenseColumns;

    /// <summary>The most features of a group.</summary>
    public int LargestGroup => _groups.Length == 0 ? 0 : _groups.Max(group => group.Size);

    /// <summary>What the settings make of groups; null: nothing.</summary>
    public static CategoryMap? Of(int featureCount, CategoricalGroup[] groups, CategoricalEmbedding? settings) => settings is null || groups.Length == 0 ? null
        : new(featureCount, groups, Array.ConvertAll(groups, group => group.Size > settings.MaximumOneHotSize), settings.Width, settings.Dropout);

    /// <summary>The same groups, dropped as the settings say, if there are any.</summary>
    public CategoryMap With(CategoricalEmbedding? settings) => settings is null ? this : new(FeatureCount, _groups, _isEmbedded, Width, settings.Dropout);

    /// <summary>The column of a feature that is not embedded.</summary>
    public int ColumnOf(int feature) => _places[feature];

    /// <summary>The column, or the first one, that a group adds.</summary>
    public int FirstColumn(int group) => _columns[group];

    /// <summary>Where the rows of an embedded group begin in the table.</summary>
    public int FirstTableRow(int group) => _tableRows[group];

    /// <summary>Computes the columns of one row.</summary>
    /// <param name="features">[<see cref="FeatureCount"/>].</param>
    /// <param name="table">E [<see cref="TableRows"/>, <see cref="Width"/>].</param>
    /// <param name="isDropped">[groups], or empty: none is.</param>
    /// <param name="columns">[<see cref="OutputSize"/>].</param>
    public void Encode(ReadOnlySpan<float> features, ReadOnlySpan<float> table, ReadOnlySpan<bool> isDropped, Span<float> columns)
    {
        int from = 0;
        Span<float> rest = columns;
        for (int g = 0; g < _groups.Length; g++)
        {
            if (_isEmbedded[g])
            {
                rest = CopyTo(features[from.._groups[g].First], rest);
                from = _groups[g].Last + 1;
            }
        }

        CopyTo(features[from..], rest);
        for (int g = 0; g < _groups.Length; g++)
        {
            bool drops = !isDropped.IsEmpty && isDropped[g];
            ReadOnlySpan<float> slots = drops ? [] : features.Slice(_groups[g].First, _groups[g].Size);
            Span<float> vector = _isEmbedded[g] ? columns.Slice(_columns[g], Width) : [];
            vector.Clear();
            float other = 1;
            for (int j = NextOf(slots, 0); j < slots.Length; j = NextOf(slots, j + 1))
            {
                other -= slots[j];
                AddProduct(slots[j], table, _tableRows[g] + j, vector);
            }

            if (_isEmbedded[g])
            {
                AddProduct(other, table, _tableRows[g] + _groups[g].Size, vector);
                continue;
            }

            columns[_columns[g]] = other;
            if (drops)
            {
                columns.Slice(_places[_groups[g].First], _groups[g].Size).Clear();
            }
        }
    }

    /// <summary>Adds what the vectors of one row add to the gradient of the table.</summary>
    /// <param name="indices">Features that are not zero, at least those of embedded groups.</param>
    /// <param name="values">Their values.</param>
    /// <param name="isDropped">[groups], or empty: none is.</param>
    /// <param name="vectorGradient">[<see cref="VectorColumns"/>].</param>
    /// <param name="tableGradient">[<see cref="TableRows"/>, <see cref="Width"/>].</param>
    /// <param name="touch">Told of every row that is added to, before it is; null: nobody asks.</param>
    public void AddTableGradient(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<bool> isDropped, ReadOnlySpan<float> vectorGradient, Span<float> tableGradient,
        TouchedRows? touch)
    {
        int n = 0;
        for (int g = 0; g < _groups.Length; g++)
        {
            if (!_isEmbedded[g])
            {
                continue;
            }

            ReadOnlySpan<float> gradient = vectorGradient[..Width];
            vectorGradient = vectorGradient[Width..];
            float other = 1;
            for (n = Skip(indices, n, _groups[g].First); n < indices.Length && indices[n] <= _groups[g].Last; n++)
            {
                if (isDropped.IsEmpty || !isDropped[g])
                {
                    other -= values[n];
                    AddTo(_tableRows[g] + indices[n] - _groups[g].First, values[n], gradient, tableGradient);
                }
            }

            AddTo(_tableRows[g] + _groups[g].Size, other, gradient, tableGradient);
        }

        void AddTo(int row, float factor, ReadOnlySpan<float> gradient, Span<float> all)
        {
            if (factor != 0)
            {
                touch?.Add(row);
                Span<float> own = all.Slice(row * Width, Width);
                TensorPrimitives.MultiplyAdd(gradient, factor, own, own);
            }
        }
    }

    /// <summary>Computes the gradient of one row's features; 0 for those of groups that are dropped.</summary>
    /// <param name="columnGradient">[<see cref="OutputSize"/>].</param>
    /// <param name="table">E [<see cref="TableRows"/>, <see cref="Width"/>].</param>
    /// <param name="isDropped">[groups], or empty: none is.</param>
    /// <param name="featureGradient">[<see cref="FeatureCount"/>].</param>
    public void Differentiate(ReadOnlySpan<float> columnGradient, ReadOnlySpan<float> table, ReadOnlySpan<bool> isDropped, Span<float> featureGradient)
    {
        for (int i = 0; i < _kept.Length; i++)
        {
            featureGradient[_kept[i]] = columnGradient[i];
        }

        for (int g = 0; g < _groups.Length; g++)
        {
            Span<float> slots = featureGradient.Slice(_groups[g].First, _groups[g].Size);
            if (!isDropped.IsEmpty && isDropped[g])
            {
                slots.Clear();
            }
            else if (_isEmbedded[g])
            {
                ReadOnlySpan<float> gradient = columnGradient.Slice(_columns[g], Width);
                double other = OrderedSum.OfProducts(gradient, RowOf(table, _tableRows[g] + slots.Length));
                for (int j = 0; j < slots.Length; j++)
                {
                    slots[j] = (float)(OrderedSum.OfProducts(gradient, RowOf(table, _tableRows[g] + j)) - other);
                }
            }
            else
            {
                TensorPrimitives.Subtract(slots, columnGradient[_columns[g]], slots);
            }
        }
    }

    /// <summary>Adds a multiple of a row of the table; nothing where there is no vector.</summary>
    public void AddProduct(float factor, ReadOnlySpan<float> table, int row, Span<float> vector)
    {
        if (factor != 0 && !vector.IsEmpty)
        {
            TensorPrimitives.MultiplyAdd(RowOf(table, row), factor, vector, vector);
        }
    }

    public bool Equals(CategoryMap? other) => other is not null && FeatureCount == other.FeatureCount && Width == other.Width && Dropout == other.Dropout
        && Groups.SequenceEqual(other.Groups) && IsEmbedded.SequenceEqual(other.IsEmbedded);

    public override bool Equals(object? other) => Equals(other as CategoryMap);

    public override int GetHashCode() => HashCode.Combine(FeatureCount, _groups.Length, Width);

    /// <summary>For example <c>8 groups of categories, 2 of them embedded in 8 columns</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{_groups.Length} groups of categories")
        + (Width > 0 ? FormattableString.Invariant($", {_isEmbedded.Count(true)} of them embedded in {Width} columns") : "");

    private ReadOnlySpan<float> RowOf(ReadOnlySpan<float> table, int row) => table.Slice(row * Width, Width);

    private static Span<float> CopyTo(ReadOnlySpan<float> features, Span<float> columns)
    {
        features.CopyTo(columns);
        return columns[features.Length..];
    }

    /// <summary>The first slot from number <paramref name="from"/> on that is not zero; behind the last: none.</summary>
    private static int NextOf(ReadOnlySpan<float> slots, int from)
    {
        int found = from < slots.Length ? slots[from..].IndexOfAnyExcept(0f) : -1;
        return found < 0 ? slots.Length : from + found;
    }

    private static int Skip(ReadOnlySpan<int> indices, int n, int first)
    {
        while (n < indices.Length && indices[n] < first)
        {
            n++;
        }

        return n;
    }
}
