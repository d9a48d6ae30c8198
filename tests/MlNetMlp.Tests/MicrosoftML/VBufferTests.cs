using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>Vectors, dense and sparse.</summary>
public sealed class VBufferTests
{
    private static VBuffer<float> Sparse => new(5, 2, [10, 30], [1, 3]);

    [Fact]
    public void Sparse_DenseValues_FillsWithZeros()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([0, 10, 0, 30, 0], Sparse.DenseValues());
        Assert.Equal([1, 3], Sparse.GetIndices().ToArray());
        Assert.Equal([10, 30], Sparse.GetValues().ToArray());
    }

    [Fact]
    public void Sparse_Items_AreTheExplicitOnesUnlessAllAreAskedFor()
    {
        Assert.Equal([KeyValuePair.Create(1, 10f), KeyValuePair.Create(3, 30f)], Sparse.Items());
        Assert.Equal(5, Sparse.Items(all: true).Count());
    }

    [Fact]
    public void Sparse_GetItemOrDefault_ReadsBySlot()
        => Assert.Equal([0, 10, 0, 30, 0], Enumerable.Range(0, 5).Select(i => Sparse.GetItemOrDefault(i)));

    [Fact]
    public void Sparse_CopyTo_OverwritesWhatWasThere()
    {
        float[] destination = [9, 9, 9, 9, 9, 9, 9];
        Sparse.CopyTo(destination, 1);
        Assert.Equal([9, 0, 10, 0, 30, 0, 9], destination);
    }

    [Fact]
    public void Sparse_CopyToDense_IsDense()
    {
        VBuffer<float> dense = default;
        Sparse.CopyToDense(ref dense);
        Assert.True(dense.IsDense);
        Assert.Equal([0, 10, 0, 30, 0], dense.GetValues().ToArray());
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(4, 0)]
    public void CopyTo_Part_IsThatPart(int start, int length)
    {
        float[] all = [.. Sparse.DenseValues()];
        foreach (var source in new[] { Sparse, new VBuffer<float>(5, all) })
        {
            VBuffer<float> part = default;
            source.CopyTo(ref part, start, length);
            Assert.Equal(all.Skip(start).Take(length), part.DenseValues());
        }
    }

    [Fact]
    public void Editor_OfLargeEnoughBuffer_UsesItsStorageAgain()
    {
        float[] storage = [1, 2, 3, 4];
        var buffer = new VBuffer<float>(4, storage);
        var editor = VBufferEditor.Create(ref buffer, 3);
        Assert.False(editor.CreatedNewValues);
        editor.Values.Fill(7);
        buffer = editor.Commit();
        Assert.Equal(3, buffer.Length);
        Assert.Equal([7, 7, 7, 4], storage);
    }

    [Fact]
    public void Editor_Sparse_CommitsValuesAndIndices()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 100, 3);
        Assert.True(editor.CreatedNewValues);
        editor.Values[0] = 1;
        editor.Indices[0] = 50;
        editor.Values[1] = 2;
        editor.Indices[1] = 60;
        buffer = editor.CommitTruncated(2);
        Assert.Equal(100, buffer.Length);
        Assert.Equal([50, 60], buffer.GetIndices().ToArray());
    }

    [Fact]
    public void Constructor_TooFewValues_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1f, 2f]));
}
