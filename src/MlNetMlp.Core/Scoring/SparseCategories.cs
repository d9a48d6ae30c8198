using MlNetMlp.Networks;

namespace MlNetMlp;

/// <summary>What a <see cref="CategoryMap"/> makes of rows without their zeros.</summary>
internal static class SparseCategories
{
    /// <summary>Appends the columns of one row; they have the bits of <see cref="CategoryMap.Encode"/>.</summary>
    /// <param name="map">The map.</param>
    /// <param name="indices">The features.</param>
    /// <param name="values">Their values.</param>
    /// <param name="table">E [<see cref="CategoryMap.TableRows"/>, <see cref="CategoryMap.Width"/>].</param>
    /// <param name="isDropped">[groups], or empty: none is.</param>
    /// <param name="columns">Receives the row.</param>
    public static void Encode(
        this CategoryMap map, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> table, ReadOnlySpan<bool> isDropped,
        SparseFeatures columns)
    {
        columns.Reserve(indices.Length + map.OutputSize - map.Kept.Length);
        AppendKept(map, indices, values, isDropped, columns);
        AppendGroups(map, ofEmbedded: false, indices, values, table, isDropped, columns);
        AppendGroups(map, ofEmbedded: true, indices, values, table, isDropped, columns);
        columns.EndRow();
    }

    private static void AppendKept(
        CategoryMap map, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<bool> isDropped, SparseFeatures columns)
    {
        int g = 0;
        for (int n = 0; n < indices.Length; n++)
        {
            while (g < map.Groups.Length && map.Groups[g].Last < indices[n])
            {
                g++;
            }

            bool isInGroup = g < map.Groups.Length && map.Groups[g].First <= indices[n];
            if (!isInGroup || (!map.IsEmbedded[g] && (isDropped.IsEmpty || !isDropped[g])))
            {
                columns.Append(map.ColumnOf(indices[n]), values[n]);
            }
        }
    }

    private static void AppendGroups(
        CategoryMap map, bool ofEmbedded, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> table, ReadOnlySpan<bool> isDropped,
        SparseFeatures columns)
    {
        Span<float> vector = stackalloc float[ofEmbedded ? map.Width : 0];
        int n = 0;
        for (int g = 0; g < map.Groups.Length; g++)
        {
            if (map.IsEmbedded[g] != ofEmbedded)
            {
                continue;
            }

            CategoricalGroup group = map.Groups[g];
            vector.Clear();
            float other = 1;
            while (n < indices.Length && indices[n] < group.First)
            {
                n++;
            }

            for (; n < indices.Length && indices[n] <= group.Last; n++)
            {
                if (isDropped.IsEmpty || !isDropped[g])
                {
                    other -= values[n];
                    map.AddProduct(values[n], table, map.FirstTableRow(g) + indices[n] - group.First, vector);
                }
            }

            if (!ofEmbedded)
            {
                columns.Append(map.FirstColumn(g), other);
                continue;
            }

            map.AddProduct(other, table, map.FirstTableRow(g) + group.Size, vector);
            for (int c = 0; c < vector.Length; c++)
            {
                columns.Append(map.FirstColumn(g) + c, vector[c]);
            }
        }
    }
}
