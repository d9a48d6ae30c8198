using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Search;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Search.Remote;

/// <summary>Rows that are sent to another process are the same there, with every bit.</summary>
public sealed class RowTableTests
{
    private static readonly float[] _odd = [0, -0f, float.NaN, BitConverter.Int32BitsToSingle(0x7FC12345), float.NegativeInfinity, float.Epsilon, 1 / 3f];

    private readonly Dictionary<string, byte[]> _content = [];

    [Fact]
    public void Rows_AreThoseOfTheView()
    {
        var view = new RowsView(
            7,
            ViewColumn.Boolean("Boolean", row => row % 3 == 0),
            ViewColumn.Number("Single", row => _odd[row]),
            ViewColumn.Key("Key", 5, row => (uint)row % 6),
            ViewColumn.Vector("Dense", 3, row => [row, _odd[row], -row], "a", "", "c"),
            ViewColumn.Sparse("Sparse", 9, row => (row == 2 ? [] : [_odd[row], 0], row == 2 ? [] : [row % 5, 8])));

        StoredRows read = Sent(view);

        Assert.Equal(view.Schema.OrderBy(column => column.Name, StringComparer.Ordinal).Select(column => $"{column.Name} {column.Type}"),
            read.Schema.Select(column => $"{column.Name} {column.Type}"));
        Assert.Equal(Values(view), Values(read));
        Assert.Equal("a,,c", RowValues.Read(read.Schema["Dense"].Annotations, "SlotNames"));

        // Sparse ones stay so.
        Assert.All(read.GetColumn<VBuffer<float>>("Sparse"), vector => Assert.True(vector.GetValues().Length <= 2));
        Assert.All(read.GetColumn<VBuffer<float>>("Dense"), vector => Assert.True(vector.IsDense));
    }

    [Fact]
    public void ManyRows_AreInManyChunks()
    {
        var view = new RowsView(3000, ViewColumn.Vector("Features", 200, row => [.. Enumerable.Range(0, 200).Select(i => i * row + 0.5f)]));

        RowTable table = RowTableWriter.Write(view, ["Features", "Missing"], Keep, default);

        // 3,000 rows of 804 bytes in chunks of at least 2^20.
        Assert.Equal(3, table.Chunks.Count);
        Assert.Equal(3000 * 200 * 4, table.Bytes);
        Assert.Equal(Values(view), Values(new StoredRows(RowTable.Read(table.ToBytes()), name => StoredRows.Open(_content[name]))));
    }

    [Fact]
    public void GroupsOfIndicators_AreKept()
    {
        var context = new MLContext(1);
        IDataView view = context.Transforms.Categorical.OneHotEncoding("Text").Append(context.Transforms.Concatenate("Features", "Text", "Number"))
            .Fit(Texts()).Transform(Texts());

        StoredRows read = Sent(context.Transforms.SelectColumns("Features").Fit(view).Transform(view));

        Assert.Equal(Ranges(view), Ranges(read));
        Assert.Equal([0, 2], Ranges(read));
        Assert.Equal(RowValues.Read(view.Schema["Features"].Annotations, "SlotNames"), RowValues.Read(read.Schema["Features"].Annotations, "SlotNames"));

        static RowsView Texts() => new(4, ViewColumn.Text("Text", row => $"t{row % 3}"), ViewColumn.Number("Number", row => row));

        static int[] Ranges(IDataView data)
        {
            VBuffer<int> ranges = default;
            data.Schema["Features"].Annotations.GetValue("CategoricalSlotRanges", ref ranges);
            return [.. ranges.DenseValues()];
        }
    }

    [Fact]
    public void ColumnOfText_IsRefused() => Assert.Contains("'Text'", Assert.Throws<NotSupportedException>(
        () => Sent(new RowsView(2, ViewColumn.Text("Text", _ => "")))).Message, StringComparison.Ordinal);

    /// <summary>With checksums that are right again, so that what is inside has to be looked at.</summary>
    [Fact]
    public void MutatedContent_IsReadOrRefused()
    {
        RowTable table = RowTableWriter.Write(
            new RowsView(20, ViewColumn.Boolean("Label", row => row % 3 == 0), ViewColumn.Sparse("Features", 30, row => ([row, 1], [row % 20, 25]))),
            ["Label", "Features"], Keep, default);
        byte[] manifest = table.ToBytes(), chunk = _content[table.Chunks[0]];
        int refused = 0;
        for (int number = 0; number < 2000; number++)
        {
            try
            {
                RowTable read = RowTable.Read(number % 2 == 0 ? Mutations.OfModel(manifest, 2, number) : manifest);
                var rows = new StoredRows(read, _ => StoredRows.Open(number % 2 == 1 ? Mutations.OfModel(chunk, 2, number) : chunk));
                using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
                while (cursor.MoveNext())
                {
                }
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 500, 1999);
    }

    private StoredRows Sent(IDataView view)
    {
        RowTable table = RowTableWriter.Write(view, view.Schema.Select(column => column.Name), Keep, default);
        return new StoredRows(RowTable.Read(table.ToBytes()), name => StoredRows.Open(_content[name]));
    }

    private string Keep(byte[] content)
    {
        string name = RemoteFormats.NameOf(content);
        _content[name] = content;
        return name;
    }

    private static List<string> Values(IDataView view)
    {
        DataViewSchema.Column[] columns = [.. view.Schema.OrderBy(column => column.Name, StringComparer.Ordinal)];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Func<string>[] readers = [.. columns.Select(column => RowValues.Reader(cursor, column))];
        var rows = new List<string>();
        while (cursor.MoveNext())
        {
            rows.Add($"{cursor.Position}: {string.Join(" | ", readers.Select(read => read()))}");
        }

        return rows;
    }
}
