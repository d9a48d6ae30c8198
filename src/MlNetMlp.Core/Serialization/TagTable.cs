namespace MlNetMlp;

/// <summary>How things of one sort are written: a byte that names the kind, followed by its settings. A number, once given, is never reused.</summary>
/// <param name="name">What the things are, for messages.</param>
/// <param name="kinds">The kinds; the first that includes a thing is the one it is written as.</param>
internal sealed class TagTable<T>(string name, params TaggedKind<T>[] kinds)
{
    private readonly Dictionary<byte, TaggedKind<T>> _byTag = kinds.ToDictionary(kind => kind.Tag);

    /// <exception cref="NotSupportedException">The value is of no kind in the table.</exception>
    public void Write(BinaryWriter writer, T value)
    {
        TaggedKind<T> kind = Array.Find(kinds, kind => kind.Includes(value))
            ?? throw new NotSupportedException($"{value?.GetType().Name ?? "null"} has no number in the file format.");
        writer.Write(kind.Tag);
        kind.Write(writer, value);
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public T Read(BoundedReader reader)
    {
        byte tag = reader.Byte();
        return _byTag.TryGetValue(tag, out TaggedKind<T>? kind) ? kind.Read(reader) : throw reader.Damaged($"there is no {name} with the number {tag}.");
    }
}
