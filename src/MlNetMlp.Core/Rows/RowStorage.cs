using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Where training and validation rows are kept while a model is fitted: in memory, on disk, or in memory as long as they fit.</summary>
/// <remarks>
/// <para>
/// Rows on disk take a file of about 4 bytes a feature or, with <see cref="RowPrecision.Half"/>, of 2; of the rows, 64 MiB are in memory at a
/// time. The order of an epoch is drawn accordingly, as it is for streams: short runs of consecutive rows, here of half a megabyte, come in
/// random order, and the rows of 64 such runs in random order, one run leaving and one entering all the time.
/// </para>
/// <para>
/// So a model from more than 64 MiB of rows on disk differs from that of the same rows in memory, and is as good unless each run holds
/// only one kind of rows: shuffle sorted data once before. Up to 64 MiB, and with <see cref="RowPrecision.Full"/>, it is the same, bit for bit.
/// </para>
/// </remarks>
public sealed record RowStorage
{
    private RowStorage(long? memoryLimit, string? folder, RowPrecision precision)
    {
        MemoryLimit = memoryLimit;
        Folder = folder;
        Precision = precision;
    }

    /// <summary>All rows in memory, as 32-bit floats.</summary>
    public static RowStorage Memory { get; } = new(long.MaxValue, null, RowPrecision.Full);

    /// <summary>
    /// The bytes of rows that may stay in memory, training and validation rows together: 0 if all go to disk, <see cref="long.MaxValue"/> if none does;
    /// null: half of what the process may use.
    /// </summary>
    public long? MemoryLimit { get; }

    /// <summary>Where the temporary file is created; null: the folder for temporary files, see <see cref="DiskRows"/>.</summary>
    public string? Folder { get; }

    /// <summary>How features are kept on disk.</summary>
    public RowPrecision Precision { get; }

    /// <summary>In memory up to half of what the process may use, and on disk beyond.</summary>
    public static RowStorage Automatic() => new(null, null, RowPrecision.Full);

    /// <summary>In memory up to a limit, and on disk beyond.</summary>
    /// <param name="memoryLimit">The bytes of rows that may stay in memory, at least 1; training and validation rows together.</param>
    /// <param name="folder">Where the temporary file is created; null: the folder for temporary files, see <see cref="DiskRows"/>.</param>
    /// <param name="precision">How features are kept on disk.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static RowStorage Automatic(long memoryLimit, string? folder = null, RowPrecision precision = RowPrecision.Full) =>
        new(Require.Positive(memoryLimit, nameof(memoryLimit)), folder, Require.Defined(precision, nameof(precision)));

    /// <summary>On disk, in a temporary file that is deleted after the training, however it ends.</summary>
    /// <param name="folder">Where the file is created; null: the folder for temporary files, see <see cref="DiskRows"/>.</param>
    /// <param name="precision">How features are kept.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is not a member of the enumeration.</exception>
    public static RowStorage Disk(string? folder = null, RowPrecision precision = RowPrecision.Full) =>
        new(0, folder, Require.Defined(precision, nameof(precision)));

    /// <summary>An empty store for rows of this shape. Dispose of it after the training.</summary>
    /// <param name="featureCount">The number of features of a row, at least 1.</param>
    /// <param name="targetCount">The number of targets of a row, at least 1.</param>
    /// <param name="beside">Stores that are in use at the same time and share the limit; null: none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is less than 1.</exception>
    /// <exception cref="IOException">The temporary file cannot be created; the message names it.</exception>
    public RowStore CreateStore(int featureCount, int targetCount, IEnumerable<RowStore>? beside = null)
    {
        long limit = MemoryLimit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        return new RowStore(featureCount, targetCount, limit - (beside?.Sum(store => store.BytesInMemory) ?? 0), Folder, Precision);
    }

    /// <inheritdoc/>
    public override string ToString() => MemoryLimit switch
    {
        0 => "on disk",
        long.MaxValue => "in memory",
        _ => "in memory or on disk",
    };
}
