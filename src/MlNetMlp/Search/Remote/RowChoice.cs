namespace MlNetMlp.Search;

/// <summary>Which rows a training run looks at, by the names of content.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Folds">The fold of each of them; null: all rows are meant.</param>
/// <param name="Fold">The fold.</param>
/// <param name="IsInside">Whether the rows of the fold are meant, and not all others.</param>
internal sealed record RowChoice(string Table, string? Folds, int Fold, bool IsInside)
{
    /// <summary>The names of the content that it consists of, without the chunks of the table.</summary>
    public IEnumerable<string> Names => Folds is null ? [Table] : [Table, Folds];

    public static RowChoice Read(BoundedReader reader) => new(
        RemoteFormats.ReadName(reader), reader.Boolean() ? RemoteFormats.ReadName(reader) : null, reader.Int32(), reader.Boolean());

    public void Write(BinaryWriter writer)
    {
        RemoteFormats.WriteName(writer, Table);
        writer.Write(Folds is not null);
        if (Folds is not null)
        {
            RemoteFormats.WriteName(writer, Folds);
        }

        writer.Write(Fold);
        writer.Write(IsInside);
    }
}
