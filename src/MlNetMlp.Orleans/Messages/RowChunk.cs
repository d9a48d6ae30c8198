namespace MlNetMlp.Search;

/// <summary>Some rows as they are sent: features, targets, weights, and the weights for metrics.</summary>
internal static class RowChunk
{
    private static readonly Envelope _envelope = new("MLPSHARD", "chunk of rows", 1);

    /// <summary>Receives a row.</summary>
    public delegate void Row(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, float weight, float metricWeight);

    public static byte[] ToBytes(RowBatch rows) => RemoteFormats.Seal(_envelope, writer =>
    {
        writer.Write(rows.Count);
        writer.Write(rows.FeatureCount);
        writer.Write(rows.TargetCount);
        Envelope.Write(writer, rows.Features);
        Envelope.Write(writer, rows.Targets);
        Envelope.Write(writer, rows.Weights);
        Envelope.Write(writer, rows.MetricWeights);
    });

    /// <summary>Reads rows.</summary>
    /// <param name="bytes">The chunk.</param>
    /// <param name="count">The number of rows that it must have.</param>
    /// <param name="features">The number of features that they must have.</param>
    /// <param name="targets">The number of targets that they must have.</param>
    /// <param name="add">Receives the rows.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or other rows.</exception>
    public static void Read(byte[] bytes, int count, int features, int targets, Row add) => RemoteFormats.Open(_envelope, bytes, reader =>
    {
        if (reader.Int32() != count || reader.Int32() != features || reader.Int32() != targets
            || count > reader.Left / ((features + targets + 2L) * sizeof(float)))
        {
            throw reader.Damaged("it has other rows than were asked for.");
        }

        float[] x = new float[count * features], y = new float[count * targets], weights = new float[count], metric = new float[count];
        reader.AnySingles(x, "features");
        reader.AnySingles(y, "targets");
        reader.Singles(weights, "weights");
        reader.Singles(metric, "weights");
        for (int i = 0; i < count; i++)
        {
            add(x.AsSpan(i * features, features), y.AsSpan(i * targets, targets), weights[i], metric[i]);
        }

        return count;
    });
}
