using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.Support;

/// <summary>Reads whole rows as text in which every bit shows, so that rows can be compared with <see cref="Assert.Equal{T}(T, T)"/>.</summary>
public static class RowValues
{
    private static readonly MethodInfo _reader = typeof(RowValues).GetMethod(nameof(CreateReader), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo _annotation = typeof(RowValues).GetMethod(nameof(ReadAnnotation), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>All rows, by their id: the value of each column.</summary>
    public static SortedDictionary<DataViewRowId, string> ReadAll(IDataView view, params string[] columns) => ReadAll(view.GetRowCursor(Select(view, columns)));

    /// <summary>All rows of several cursors, by their id.</summary>
    public static SortedDictionary<DataViewRowId, string> ReadAll(params DataViewRowCursor[] cursors)
    {
        var rows = new SortedDictionary<DataViewRowId, string>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                Func<string> read = Reader(cursor);
                ValueGetter<DataViewRowId> idGetter = cursor.GetIdGetter();
                DataViewRowId id = default;
                while (cursor.MoveNext())
                {
                    idGetter(ref id);
                    rows.Add(id, read());
                }
            }
        }

        return rows;
    }

    /// <summary>All numbers of the columns with scores and probabilities.</summary>
    public static IEnumerable<float> Scores(IDataView scored) => scored.Schema
        .Where(column => column.Name.StartsWith("Score", StringComparison.Ordinal) || column.Name == "Probability")
        .SelectMany(column => column.Type is VectorDataViewType
            ? scored.GetColumn<VBuffer<float>>(column).SelectMany(vector => vector.DenseValues())
            : scored.GetColumn<float>(column));

    public static DataViewSchema.Column[] Select(IDataView view, params string[] columns) =>
        columns.Length == 0 ? [.. view.Schema] : [.. columns.Select(name => view.Schema[name])];

    /// <summary>Reads all active columns of the row.</summary>
    public static Func<string> Reader(DataViewRow row)
    {
        Func<string>[] readers = [.. row.Schema.Where(row.IsColumnActive).Select(column => Reader(row, column))];
        return () => string.Join(" | ", readers.Select(read => read()));
    }

    /// <summary>Reads a column of the row.</summary>
    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) =>
        (Func<string>)_reader.MakeGenericMethod(column.Type.RawType).Invoke(null, [row, column])!;

    public static string Read(DataViewSchema.Annotations annotations, string kind) =>
        (string)_annotation.MakeGenericMethod(annotations.Schema[kind].Type.RawType).Invoke(null, [annotations, kind])!;

    private static string ReadAnnotation<T>(DataViewSchema.Annotations annotations, string kind)
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return Show(value);
    }

    private static Func<string> CreateReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return $"{column.Name}={Show(value)}";
        };
    }

    private static string Show<T>(T value) => value switch
    {
        float x => BitConverter.SingleToInt32Bits(x).ToString("x8"),
        VBuffer<float> x => string.Join(",", x.DenseValues().Select(Show)),
        VBuffer<ReadOnlyMemory<char>> x => string.Join(",", x.DenseValues().Select(Show)),
        _ => value?.ToString() ?? "",
    };
}
