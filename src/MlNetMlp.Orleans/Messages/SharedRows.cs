namespace MlNetMlp.Search;

/// <summary>The rows of a training, and where they are found.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Features">The number of features of a row.</param>
/// <param name="Targets">The number of targets of a row.</param>
/// <param name="ShuffleWindow">See <see cref="IRowSource.ShuffleWindow"/>.</param>
/// <param name="Parts">What they consist of, in their order.</param>
internal sealed record SharedRows(int Count, int Features, int Targets, int ShuffleWindow, IReadOnlyList<RowPart> Parts)
{
    /// <summary>The bytes of the smallest part.</summary>
    private const int PartBytes = 13;

    /// <summary>How the files are laid out that rows are in; null: they are in none.</summary>
    public RowFileFormat? Format { get; init; }

    /// <summary>What the weights of the rows of each class are multiplied by, but for metrics, if the rows are in files; null: nothing.</summary>
    public IReadOnlyList<float>? ClassFactors { get; init; }

    /// <summary>What the weight of a row is multiplied by.</summary>
    public float FactorOf(Loss loss, ReadOnlySpan<float> targets) => ClassFactors is null ? 1 : ClassFactors[((ClassificationLoss)loss).ClassOf(targets[0])];

    /// <summary>The parts that have rows of the shards from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    public IEnumerable<RowPart> Of(int first, int end, int shards)
    {
        int firstRow = ShardedOrder.Start(Count, first, shards), endRow = ShardedOrder.Start(Count, end, shards);
        return Parts.Where(part => part.First < endRow && part.First + part.Count > firstRow);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(Features);
        writer.Write(Targets);
        writer.Write(ShuffleWindow);
        writer.Write(Parts.Count);
        foreach (RowPart part in Parts)
        {
            part.Write(writer);
        }

        writer.Write(Format is not null);
        Format?.Write(writer);
        writer.Write(ClassFactors?.Count ?? 0);
        Envelope.Write(writer, [.. ClassFactors ?? []]);
    }

    public static SharedRows Read(BoundedReader reader)
    {
        int count = reader.Int32(), features = reader.Int32(), targets = reader.Int32(), window = reader.Int32();
        var parts = new RowPart[reader.Count(PartBytes, "parts")];
        for (int i = 0, next = 0; i < parts.Length; i++)
        {
            parts[i] = RowPart.Read(reader);
            next = parts[i].First == next && parts[i].Count > 0 && parts[i].Count <= count - next ? next + parts[i].Count
                : throw reader.Damaged($"part {i} of {parts.Length} has {parts[i].Count} rows from {parts[i].First} on, of {count}.");
        }

        if (features <= 0 || targets <= 0 || window <= 0 || (parts.Length == 0 ? count != 0 : parts[^1].First + parts[^1].Count != count))
        {
            throw reader.Damaged($"it has {count} rows of {features} features and {targets} targets.");
        }

        RowFileFormat? format = reader.Boolean() ? RowFileFormat.Read(reader) : null;
        int classes = reader.Count(sizeof(float), "classes");
        return new SharedRows(count, features, targets, window, parts)
        {
            Format = format,
            ClassFactors = classes > 0 ? reader.Singles(classes, "weights of classes") : null,
        };
    }
}
