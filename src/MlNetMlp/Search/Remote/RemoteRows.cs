using Microsoft.ML;

namespace MlNetMlp.Search;

/// <summary>The rows of a search as content: views that folds share are written once.</summary>
/// <param name="columns">The names of the columns that the trials read.</param>
/// <param name="add">Keeps content and returns its name.</param>
internal sealed class RemoteRows(IReadOnlyCollection<string> columns, Func<byte[], string> add)
{
    private readonly Dictionary<object, string> _written = new(ReferenceEqualityComparer.Instance);

    /// <summary>The columns that training runs with these options read.</summary>
    public static IReadOnlyCollection<string> ColumnsOf(IEnumerable<MlpTrainerOptions> options) =>
    [
        .. options.SelectMany(one => one.ColumnsRead).Distinct(StringComparer.Ordinal),
    ];

    /// <exception cref="NotSupportedException">A column has values of a type that is not sent.</exception>
    public RowChoice Write(IDataView view, CancellationToken cancellationToken) => view is FoldRows folds
        ? new RowChoice(Table(folds.Source, cancellationToken), Once(folds.Folds, () => FoldAssignment.ToBytes(folds.Folds)), folds.Fold, folds.IsInside)
        : new RowChoice(Table(view, cancellationToken), null, 0, false);

    private string Table(IDataView view, CancellationToken cancellationToken) =>
        Once(view, () => RowTableWriter.Write(view, columns, add, cancellationToken).ToBytes());

    private string Once(object source, Func<byte[]> content)
    {
        if (!_written.TryGetValue(source, out string? name))
        {
            _written.Add(source, name = add(content()));
        }

        return name;
    }
}
