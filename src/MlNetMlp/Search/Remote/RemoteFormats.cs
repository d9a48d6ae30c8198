using System.Security.Cryptography;

namespace MlNetMlp.Search;

/// <summary>What is sent between processes, laid out as files are. Content is known by the SHA-256 of its bytes.</summary>
internal static class RemoteFormats
{
    /// <summary>The columns of rows, and which chunks they are in.</summary>
    public static Envelope Table { get; } = new("MLPTABLE", "table of rows", 1);

    /// <summary>Some rows.</summary>
    public static Envelope Chunk { get; } = new("MLPCHUNK", "chunk of rows", 1);

    /// <summary>The fold of each row.</summary>
    public static Envelope Folds { get; } = new("MLPFOLDS", "assignment of folds", 1);

    /// <summary>A training run to do.</summary>
    public static Envelope Request { get; } = new("MLPTRAIN", "request for a training run", 1);

    /// <summary>The result of one.</summary>
    public static Envelope Answer { get; } = new("MLPSCORE", "result of a training run", 1);

    private static SectionKind Content { get; } = new("CONTENT");

    public static byte[] Seal(Envelope envelope, Action<BinaryWriter> content)
    {
        using var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            content(writer);
        }

        var sections = new SectionList();
        sections.Add(Content, writer => writer.Write(body.GetBuffer(), 0, (int)body.Length));
        using var sealedContent = new MemoryStream();
        envelope.Seal(sealedContent, sections);
        return sealedContent.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are something else, damaged, or of another version.</exception>
    public static T Open<T>(Envelope envelope, byte[] bytes, Func<BoundedReader, T> read)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        (_, BoundedReader body) = envelope.Open(stream);
        T content = new Sections(body, Content).Read(Content, read);
        return stream.Position == stream.Length ? content : throw body.Damaged("there are bytes behind its end.");
    }

    /// <summary>The name of content: the SHA-256 of its bytes in hexadecimal digits.</summary>
    public static string NameOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Writes numbers, with how many they are.</summary>
    public static void WriteNumbers(BinaryWriter writer, IReadOnlyList<double> numbers)
    {
        writer.Write(numbers.Count);
        foreach (double number in numbers)
        {
            writer.Write(number);
        }
    }

    public static double[] ReadNumbers(BoundedReader reader)
    {
        double[] numbers = new double[reader.Count(sizeof(double), "numbers")];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.Double();
        }

        return numbers;
    }

    /// <summary>Writes the name of content.</summary>
    public static void WriteName(BinaryWriter writer, string name) => writer.Write(Convert.FromHexString(name));

    public static string ReadName(BoundedReader reader) => Convert.ToHexStringLower(reader.Bytes(SHA256.HashSizeInBytes));
}
