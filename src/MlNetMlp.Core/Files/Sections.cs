using System.Text;

namespace MlNetMlp;

/// <summary>The sections of a body that was read, laid out as <see cref="SectionList"/> writes them, in any order.</summary>
internal sealed class Sections
{
    public const int IdLength = 8;
    public const int HeaderLength = 20;

    /// <summary>Far more than there are kinds: what is skipped must not take more memory than it has bytes.</summary>
    private const int MostSections = 1000;

    private readonly BoundedReader _body;
    private readonly Dictionary<string, BoundedReader> _contents = new(StringComparer.Ordinal);

    /// <param name="body">All of the body.</param>
    /// <param name="known">The kinds that the caller knows; others are skipped, or refused if they are required.</param>
    /// <exception cref="InvalidDataException">The body is damaged, or has a required section of a kind that is not known; the message names it.</exception>
    public Sections(BoundedReader body, params ReadOnlySpan<SectionKind> known)
    {
        _body = body;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        while (!body.AtEnd)
        {
            string id = ReadId(body);
            bool isRequired = body.Int32() switch
            {
                0 => false,
                1 => true,
                int other => throw body.Damaged($"its section {id} is marked with {other}, which is neither required nor optional."),
            };
            BoundedReader content = body.Part(body.Int64(), $"section {id} of the {body.Name}");
            if (!ids.Add(id))
            {
                throw body.Damaged($"it has two sections {id}.");
            }

            if (ids.Count > MostSections)
            {
                throw body.Damaged($"it has more than {MostSections} sections.");
            }

            if (IsKnown(id, known))
            {
                _contents.Add(id, content);
            }
            else if (isRequired)
            {
                throw new InvalidDataException(
                    $"The {body.Name} cannot be read without its section {id}, which this release of MlNetMlp does not know: it was written by a later one.");
            }
        }
    }

    public bool Has(SectionKind kind) => _contents.ContainsKey(kind.Id);

    /// <summary>The number of bytes that are left to read of a section; 0 if there is none.</summary>
    public int Left(SectionKind kind) => _contents.TryGetValue(kind.Id, out BoundedReader? content) ? content.Left : 0;

    /// <summary>Reads a section to its end.</summary>
    /// <param name="kind">One of those that are known.</param>
    /// <param name="read">Reads the content.</param>
    /// <exception cref="InvalidDataException">There is no such section, it is damaged, or <paramref name="read"/> leaves bytes in it.</exception>
    public T Read<T>(SectionKind kind, Func<BoundedReader, T> read)
    {
        if (!_contents.TryGetValue(kind.Id, out BoundedReader? content))
        {
            throw _body.Damaged($"its section {kind.Id} is missing.");
        }

        T value = read(content);
        return content.AtEnd ? value : throw content.Damaged($"{content.Left} bytes are left behind its end.");
    }

    private static string ReadId(BoundedReader body)
    {
        string id = Encoding.Latin1.GetString(body.Bytes(IdLength)).TrimEnd('\0');
        return id.Length > 0 && id.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter))
            ? id
            : throw body.Damaged("a section of it has no valid name.");
    }

    private static bool IsKnown(string id, ReadOnlySpan<SectionKind> known)
    {
        foreach (SectionKind kind in known)
        {
            if (kind.Id == id)
            {
                return true;
            }
        }

        return false;
    }
}
