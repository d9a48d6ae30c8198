using Orleans.Concurrency;

namespace MlNetMlp.Search;

/// <inheritdoc/>
[Reentrant]
internal sealed class RowFileGrain(ClusterTrainingOptions options) : Grain, IRowFileGrain
{
    public Task<RowFileIndex> Index(byte[] format)
    {
        RowFile file = Open(format);
        return Task.Run(file.Index);
    }

    public Task<byte[]> Read(byte[] format, long offset, int firstRow, int count)
    {
        RowFile file = Open(format);
        return Task.Run(() =>
        {
            var batch = new RowBatch(file.Format.FeatureColumns.Count, file.Format.TargetColumns.Count);
            file.Read(offset, firstRow, 0, count, (features, targets, weight) => batch.Add(features, targets, weight), CancellationToken.None);
            return RowChunk.ToBytes(batch);
        });
    }

    private RowFile Open(byte[] format) => RowFile.Open(options, this.GetPrimaryKeyString(), RowFileFormat.Read(format));
}
