using Microsoft.ML;

namespace MlNetMlp.Orleans.Tests;

/// <summary>Chunks that are kept in memory: what is read again, and what goes.</summary>
public sealed class RecentChunksTests
{
    private readonly Dictionary<string, byte[]> _content = new(StringComparer.Ordinal);
    private readonly List<string> _found = [];

    [Fact]
    public void Chunk_IsReadOnce_AndOpenedAsOftenAsAsked()
    {
        string chunk = Chunk(3);
        var chunks = new RecentChunks(Find, 1000);

        BoundedReader first = chunks.Open(chunk), second = chunks.Open(chunk);

        Assert.Equal((3, 3), (first.Int32(), second.Int32()));
        Assert.Equal(first.Left, second.Left);
        Assert.Equal([chunk], _found);
        Assert.Equal(first.Left + sizeof(int), chunks.Held);
    }

    [Fact]
    public void BeyondTheLimit_TheOneNotUsedForLongestGoes()
    {
        string a = Chunk(4), b = Chunk(5), c = Chunk(6);
        var chunks = new RecentChunks(Find, Open(a).Left + Open(c).Left);

        foreach (string name in new[] { a, b, a, c, a, b })
        {
            chunks.Open(name);
        }

        // The third one took the place of b, which a use of a had made the oldest.
        Assert.Equal([a, b, c, b], _found);
    }

    [Fact]
    public void LargerThanTheLimit_IsReadEveryTime_AndDamageIsFound()
    {
        string chunk = Chunk(4);
        var chunks = new RecentChunks(Find, 10);
        Assert.Equal(4, chunks.Open(chunk).Int32());
        Assert.Equal(4, chunks.Open(chunk).Int32());
        Assert.Equal((2, 0L), (_found.Count, chunks.Held));

        _content[chunk][^1] ^= 1;
        Assert.Throws<InvalidDataException>(() => chunks.Open(chunk));
    }

    private byte[] Find(string name)
    {
        _found.Add(name);
        return _content[name];
    }

    private BoundedReader Open(string name) => StoredRows.Open(_content[name]);

    private string Chunk(int rows)
    {
        IDataView view = new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(value => new Row { Value = value }));
        return RowTableWriter.Write(view, ["Value"], content =>
        {
            string name = RemoteFormats.NameOf(content);
            _content.Add(name, content);
            return name;
        }, CancellationToken.None).Chunks.Single();
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
