using System.Text;

namespace MlNetMlp;

/// <summary>The sections of a body that is to be written, in their order; <see cref="Sections"/> reads them.</summary>
/// <remarks>
/// Layout of each, all numbers little-endian; the next one follows without a gap:
/// <code>
/// offset  size
///      0     8  id, in ASCII, with zeros behind it
///      8     4  1 if a release that does not know the section must refuse the file, 0 if it may skip the section
///     12     8  L, the length of the content, 64-bit
///     20     L  content
/// </code>
/// </remarks>
internal sealed class SectionList
{
    private readonly List<(SectionKind Kind, long Length, Action<BinaryWriter> Content)> _sections = [];

    /// <summary>The number of bytes of all sections.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a section.</summary>
    /// <param name="kind">Which; not one that was added before.</param>
    /// <param name="content">Writes the content; called twice, now to learn its length, so that nothing has to be kept in memory.</param>
    public void Add(SectionKind kind, Action<BinaryWriter> content)
    {
        using var counting = new SealingStream(null);
        using var writer = new BinaryWriter(counting);
        content(writer);
        writer.Flush();
        _sections.Add((kind, counting.Length, content));
        Length += Sections.HeaderLength + counting.Length;
    }

    public void Write(BinaryWriter writer)
    {
        Span<byte> id = stackalloc byte[Sections.IdLength];
        foreach ((SectionKind kind, long length, Action<BinaryWriter> content) in _sections)
        {
            id.Clear();
            Encoding.ASCII.GetBytes(kind.Id, id);
            writer.Write(id);
            writer.Write(kind.IsRequired ? 1 : 0);
            writer.Write(length);
            content(writer);
        }
    }
}
