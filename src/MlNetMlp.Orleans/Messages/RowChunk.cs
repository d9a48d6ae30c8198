using MlNetMlp.Numerics;

namespace MlNetMlp.Search;

/// <summary>Some rows as they are sent: features, targets, weights, and the weights for metrics.</summary>
internal static class RowChunk
{
    private static Envelope Envelope { get; } = new("MLPSHARD", "chunk of rows", 1);

    public static byte[] ToBytes(RowBatch rows) => RemoteFormats.Seal(Envelope, writer =>
    {
        writer.Write(rows.Count);
        writer.Write(rows.FeatureCount);
        writer.Write(rows.TargetCount);
        MlNetMlp.Envelope.Write(writer, rows.Features);
        MlNetMlp.Envelope.Write(writer, rows.Targets);
        MlNetMlp.Envelope.Write(writer, rows.Weights);
        MlNetMlp.Envelope.Write(writer, rows.MetricWeights);
    });

    /// <summary>Adds rows to a store, each with its weight for metrics as one more target.</summary>
    /// <param name="bytes">The chunk.</param>
    /// <param name="part">What it is expected to be.</param>
    /// <param name="rows">The store.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or other rows.</exception>
    public static void AddTo(byte[] bytes, RowPart part, RowStore rows) => RemoteFormats.Open(Envelope, bytes, reader =>
    {
        int count = reader.Int32(), features = reader.Int32(), targets = reader.Int32();
        if (count < 0 || count != part.Count || features != rows.Rows.FeatureCount || targets + 1 != rows.Rows.TargetCount
            || count > reader.Left / ((features + targets + 2L) * sizeof(float)))
        {
            throw reader.Damaged($"it has {count} rows of {features} features and {targets} targets, which are not those of the training.");
        }

        float[] x = new float[checked(count * features)], y = new float[checked(count * targets)], weights = new float[count], metric = new float[count];
        reader.AnySingles(x, "features");
        reader.Singles(y, "targets");
        reader.Singles(weights, "weights");
        reader.Singles(metric, "weights");
        float[] row = new float[targets + 1];
        for (int i = 0; i < count; i++)
        {
            y.AsSpan(i * targets, targets).CopyTo(row);
            row[^1] = metric[i];
            rows.Add(x.AsSpan(i * features, features), row, weights[i]);
        }

        return count;
    });
}
