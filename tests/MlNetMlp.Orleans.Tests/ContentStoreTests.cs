namespace MlNetMlp.Orleans.Tests;

/// <summary>The rows on a silo's disk.</summary>
public sealed class ContentStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasNotUsedForLongest_Goes_UnlessItIsPinned()
    {
        using var store = new ContentStore(_folder.Path("store"), limit: 35);
        string[] names = [.. Enumerable.Range(0, 3).Select(i => store.Add(Content(i)))];
        IDisposable pin = store.Pin([names[1]])!;
        Assert.Equal(Content(0), store.Read(names[0]));

        string fourth = store.Add(Content(3));
        Assert.Equal([true, true, false, true], new[] { names[0], names[1], names[2], fourth }.Select(store.Has));
        Assert.Equal(30, store.Held);
        Assert.Throws<FileNotFoundException>(() => store.Read(names[2]));

        string[] more = [.. Enumerable.Range(4, 3).Select(i => store.Add(Content(i)))];
        Assert.True(store.Has(names[1]));
        pin.Dispose();
        store.Add(Content(7));
        Assert.Equal([false, true, true], new[] { names[1], more[1], more[2] }.Select(store.Has));
        Assert.Null(store.Pin([more[2], names[1]]));
    }

    [Fact]
    public void Folder_GoesWithItsOwner_OrWithTheNextOne()
    {
        string parent = _folder.Path("store");
        string left = Path.Combine(parent, "mlnetmlp-rows-left");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "lock"), "");
        using var living = new ContentStore(parent, limit: 100);
        string name = living.Add(Content(1));

        new ContentStore(parent, limit: 100).Dispose();

        Assert.Single(Directory.GetDirectories(parent));
        Assert.Equal(Content(1), living.Read(name));
        living.Dispose();
        Assert.Empty(Directory.GetDirectories(parent));
    }

    /// <summary>Stores of several processes begin and end all the time, each of which sweeps the folders of those that are no more.</summary>
    [Fact]
    public void StoresThatBeginAtTheSameTime_SweepNoneThatLives()
    {
        string parent = _folder.Path("store");
        var together = new ParallelOptions { MaxDegreeOfParallelism = 8 };

        Parallel.For(0, 5_000, together, number =>
        {
            using var store = new ContentStore(parent, limit: 100);
            Assert.Equal(Content(number), store.Read(store.Add(Content(number))));
        });

        Assert.Empty(Directory.GetDirectories(parent));
    }

    private static byte[] Content(int number) => [.. Enumerable.Repeat((byte)number, 10)];
}
