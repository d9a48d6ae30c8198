namespace MlNetMlp.Search;

/// <summary>Some rows that follow each other: content, which is of one shard, or a part of a file.</summary>
/// <param name="First">The number of the first of them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record RowPart(int First, int Count)
{
    /// <summary>The name of the content that they are in; null: they are in a file.</summary>
    public string? Content { get; init; }

    /// <summary>The path of the file, if they are in one.</summary>
    public string File { get; init; } = "";

    /// <summary>Where every <see cref="RowFile.RowsPerMark"/> rows of the file begin; all of them are in the part.</summary>
    public long[] Marks { get; init; } = [];

    public void Write(BinaryWriter writer)
    {
        writer.Write(First);
        writer.Write(Count);
        writer.Write(Content is not null);
        if (Content is not null)
        {
            RemoteFormats.WriteName(writer, Content);
            return;
        }

        Envelope.Write(writer, File);
        writer.Write(Marks.Length);
        foreach (long mark in Marks)
        {
            writer.Write(mark);
        }
    }

    public static RowPart Read(BoundedReader reader)
    {
        var part = new RowPart(reader.Int32(), reader.Int32());
        if (reader.Boolean())
        {
            return part with { Content = RemoteFormats.ReadName(reader) };
        }

        string file = reader.Text("path of a file");
        long[] marks = new long[reader.Count(sizeof(long), "places in a file")];
        for (int i = 0; i < marks.Length; i++)
        {
            marks[i] = reader.Int64();
        }

        return marks.Length == (part.Count + RowFile.RowsPerMark - 1) / RowFile.RowsPerMark ? part with { File = file, Marks = marks }
            : throw reader.Damaged($"{marks.Length} places do not find {part.Count} rows.");
    }
}
