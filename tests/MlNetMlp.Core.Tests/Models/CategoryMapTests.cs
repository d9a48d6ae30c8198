using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Gradients are checked with all layers, see <see cref="GradientTests"/>; here is what is its own.</summary>
public sealed class CategoryMapTests
{
    /// <summary>A number, a group of three that is embedded, a number, a group of two that stays.</summary>
    private readonly CategoryMap _map = new(7, [new(1, 3), new(5, 6)], [true, false], 2, 0.5f);

    private readonly float[] _table = [1, 10, 2, 20, 3, 30, 4, 40];

    public static TheoryData<float[], bool[], float[]> Rows => new()
    {
        { [7, 0, 1, 0, -3, 1, 0], [], [7, -3, 1, 0, 0, 2, 20] },
        { [7, 0, 0, 0, 0, 0, 0], [], [7, 0, 0, 0, 1, 4, 40] },
        { [7, 1, 0, 0, 8, 0, 1], [true, false], [7, 8, 0, 1, 0, 4, 40] },
        { [7, 1, 0, 0, 8, 0, 1], [false, true], [7, 8, 0, 0, 1, 1, 10] },
        { [0, 0.5f, 0, 0.25f, 0, 0.5f, 0], [], [0, 0, 0.5f, 0, 0.5f, 0.5f + 0.75f + 1, 5 + 7.5f + 10] },
    };

    /// <summary>By hand, from <c>e = sum x_j E_j + (1 - sum x_j) E_other</c>.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void Encode_DenseAndSparseRow_IsWhatStaysThenOthersThenVectors(float[] features, bool[] isDropped, float[] expected)
    {
        float[] columns = new float[7];
        columns.AsSpan().Fill(99);
        _map.Encode(features, _table, isDropped, columns);
        Assert.Equal(expected, columns);

        var sparse = new SparseFeatures(7);
        int[] indices = [.. Enumerable.Range(0, 7).Where(j => features[j] != 0)];
        _map.Encode(indices, [.. indices.Select(j => features[j])], _table, isDropped, sparse);
        Array.Clear(columns);
        sparse.CopyTo(new MatrixSpan(columns, 1, 7), 0);
        Assert.Equal(expected, columns);
        Assert.DoesNotContain(0f, sparse.Values(0).ToArray());
    }

    [Fact]
    public void Create_Groups_HavePlacesAndRows()
    {
        Assert.Equal([0, 4, 5, 6], _map.Kept.ToArray());
        Assert.Equal((7, 4, 2, 2), (_map.OutputSize, _map.TableRows, _map.Width, _map.VectorColumns));
        Assert.Equal((1, -1), (_map.ColumnOf(4), _map.ColumnOf(2)));
        Assert.Equal(0, new CategoryMap(7, [new(1, 3)], [false], 2, 0).Width);
    }

    [Fact]
    public void Create_WhatCannotBe_IsRefused()
    {
        foreach (CategoricalGroup[] groups in (CategoricalGroup[][])[[new(-1, 1)], [new(2, 1)], [new(1, 4)], [new(0, 2), new(2, 3)], [new(2, 3), new(0, 1)]])
        {
            Assert.Throws<ArgumentException>(() => new CategoryMap(4, groups, new bool[groups.Length], 1, 0));
        }

        Assert.Throws<ArgumentException>(() => new CategoryMap(4, [new(0, 1)], [], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoryMap(4, [new(0, 1)], [true], 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoryMap(4, [new(0, 1)], [true], 1, 1));
    }

    [Fact]
    public void Equals_LooksAtEveryPart()
    {
        Assert.Equal(_map, new CategoryMap(7, [new(1, 3), new(5, 6)], [true, false], 2, 0.5f));
        Assert.NotEqual(_map, new CategoryMap(8, [new(1, 3), new(5, 6)], [true, false], 2, 0.5f));
        Assert.NotEqual(_map, new CategoryMap(7, [new(1, 3), new(4, 6)], [true, false], 2, 0.5f));
        Assert.NotEqual(_map, new CategoryMap(7, [new(1, 3), new(5, 6)], [true, true], 2, 0.5f));
        Assert.NotEqual(_map, new CategoryMap(7, [new(1, 3), new(5, 6)], [true, false], 3, 0.5f));
        Assert.NotEqual(_map, new CategoryMap(7, [new(1, 3), new(5, 6)], [true, false], 2, 0.25f));
    }
}
