namespace MlNetMlp.Search;

/// <summary>A file of rows that every silo can reach; the key is its path below <see cref="ClusterTrainingOptions.RowFileFolder"/>.</summary>
[Alias("MlNetMlp.RowFile")]
internal interface IRowFileGrain : IGrainWithStringKey
{
    /// <summary>Reads the file once, and tells what is in it.</summary>
    /// <param name="format">A <see cref="RowFileFormat"/>: how the file is laid out.</param>
    [Alias("Index"), ResponseTimeout("24:00:00")]
    Task<RowFileIndex> Index(byte[] format);

    /// <summary>Some rows as a <see cref="RowChunk"/>.</summary>
    /// <param name="format">A <see cref="RowFileFormat"/>: how the file is laid out.</param>
    /// <param name="offset">Where the first of them begins.</param>
    /// <param name="firstRow">Its number.</param>
    /// <param name="count">How many.</param>
    [Alias("Read")]
    Task<byte[]> Read(byte[] format, long offset, int firstRow, int count);
}
