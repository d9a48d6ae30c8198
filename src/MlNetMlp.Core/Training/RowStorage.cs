using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Where training and validation rows are kept while a model is fitted: in memory, on disk, or in memory as long as they fit.</summary>
/// <remarks>
/// Rows on disk are read in blocks, and the order of an epoch is drawn so that it needs few blocks at a time: blocks in random order, and
/// rows in random order within windows of many blocks. A model from rows on disk is therefore another one than from the same rows in
/// memory, and as good, where blocks do not each hold one kind of rows only: shuffle sorted data once before.
/// </remarks>
public abstract record RowStorage
{
    private protected RowStorage()
    {
    }

    /// <summary>All rows in memory, as 32-bit floats.</summary>
    public static RowStorage Memory { get; } = new InMemoryStorage();

    /// <summary>In memory up to half of what the process may use, and on disk beyond.</summary>
    public static RowStorage Automatic() => new AutomaticStorage(null, null, RowPrecision.Full);

    /// <summary>In memory up to a limit, and on disk beyond.</summary>
    /// <param name="memoryLimit">The bytes of rows that may stay in memory, at least 1.</param>
    /// <param name="folder">Where the temporary file is made; null: the folder for temporary files.</param>
    /// <param name="precision">How features are kept on disk.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside of its range.</exception>
    public static RowStorage Automatic(long memoryLimit, string? folder = null, RowPrecision precision = RowPrecision.Full) =>
        new AutomaticStorage(Require.Positive(memoryLimit, nameof(memoryLimit)), folder, Require.Defined(precision, nameof(precision)));

    /// <summary>On disk, in a temporary file that is gone after the training, whatever ends it.</summary>
    /// <param name="folder">Where the file is made; null: the folder for temporary files.</param>
    /// <param name="precision">How features are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> has no name.</exception>
    public static RowStorage Disk(string? folder = null, RowPrecision precision = RowPrecision.Full) =>
        new DiskStorage(folder, Require.Defined(precision, nameof(precision)));

    /// <summary>An empty store for rows of this shape.</summary>
    internal abstract RowStore CreateStore(int featureCount, int targetCount);

    private sealed record InMemoryStorage : RowStorage
    {
        internal override RowStore CreateStore(int featureCount, int targetCount) => new(featureCount, targetCount, long.MaxValue, null, RowPrecision.Full);

        public override string ToString() => "in memory";
    }

    private sealed record DiskStorage(string? Folder, RowPrecision Precision) : RowStorage
    {
        internal override RowStore CreateStore(int featureCount, int targetCount) => new(featureCount, targetCount, 0, Folder, Precision);

        public override string ToString() => "on disk";
    }

    private sealed record AutomaticStorage(long? MemoryLimit, string? Folder, RowPrecision Precision) : RowStorage
    {
        internal override RowStore CreateStore(int featureCount, int targetCount) =>
            new(featureCount, targetCount, MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2, Folder, Precision);

        public override string ToString() => "in memory or on disk";
    }
}
