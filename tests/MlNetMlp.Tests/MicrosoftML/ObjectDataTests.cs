using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>Objects as rows, and rows as objects.</summary>
public sealed class ObjectDataTests
{
    private static readonly Row[] _rows =
    [
        new() { Text = "a", Number = 1, Flag = true, Values = [1, 2], Key = 0, Words = ["x", "y"] },
        new() { Text = "b", Number = 2, Values = [3, 4], Key = 2, Words = ["z"] },
    ];

    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void LoadFromEnumerable_Members_BecomeColumnsOfTheirTypes()
    {
        var schema = _ml.Data.LoadFromEnumerable(_rows).Schema;
        Assert.Equal(TextDataViewType.Instance, schema["Text"].Type);
        Assert.Equal(NumberDataViewType.Single, schema["Renamed"].Type);
        Assert.Equal(BooleanDataViewType.Instance, schema["Flag"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), schema["Values"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), schema["Key"].Type);
        Assert.False(Assert.IsType<VectorDataViewType>(schema["Words"].Type).IsKnownSize);
        Assert.Null(schema.GetColumnOrNull("Hidden"));
        Assert.Null(schema.GetColumnOrNull("Number"));
    }

    [Fact]
    public void CreateEnumerable_OfLoadedObjects_GivesTheirValuesBack()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var back = _ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false).ToArray();
        Assert.Equal(_rows.Length, back.Length);
        foreach (var (expected, actual) in _rows.Zip(back))
        {
            Assert.Equal(expected.Text, actual.Text);
            Assert.Equal(expected.Number, actual.Number);
            Assert.Equal(expected.Flag, actual.Flag);
            Assert.Equal(expected.Values, actual.Values);
            Assert.Equal(expected.Words, actual.Words);
        }
    }

    [Fact]
    public void LoadFromEnumerable_KeyMembers_CountFromZeroAndColumnsFromOne()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Key = 0 }, new Row { Key = 2 }, new Row { Key = 3 }]);
        Assert.Equal([1u, 3u, 0u], data.GetColumn<uint>("Key"));
        Assert.Equal([1u, 3u, 0u], _ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false).Select(r => r.Key));
    }

    [Fact]
    public void CreateEnumerable_ReusedRow_IsOneObject()
    {
        var back = _ml.Data.CreateEnumerable<Row>(_ml.Data.LoadFromEnumerable(_rows), reuseRowObject: true).ToArray();
        Assert.Same(back[0], back[1]);
    }

    [Fact]
    public void CreateEnumerable_MissingColumn_ThrowsUnlessIgnored()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Other>(data, false).ToArray());
        var rows = _ml.Data.CreateEnumerable<Other>(data, false, ignoreMissingColumns: true).ToArray();
        Assert.Equal(["a", "b"], rows.Select(r => r.Text));
    }

    [Fact]
    public void CreateEnumerable_WrongMemberType_Throws()
        => Assert.Throws<InvalidOperationException>(
            () => _ml.Data.CreateEnumerable<WrongType>(_ml.Data.LoadFromEnumerable(_rows), false).ToArray());

    [Fact]
    public void GetRowCount_IsKnownForCollectionsOnly()
    {
        Assert.Equal(2, _ml.Data.LoadFromEnumerable(_rows).GetRowCount());
        Assert.Null(_ml.Data.LoadFromEnumerable(_rows.Where(_ => true)).GetRowCount());
    }

    [Fact]
    public void GetRowCursor_InactiveColumn_CannotBeRead()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        using var cursor = data.GetRowCursor([data.Schema["Text"]]);
        Assert.True(cursor.IsColumnActive(data.Schema["Text"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Flag"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<bool>(data.Schema["Flag"]));
    }

    [Fact]
    public void GetGetter_OfAnotherType_Throws()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(data.Schema["Renamed"]));
    }

    [Fact]
    public void GetColumn_TextAndVectors_AreConverted()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        Assert.Equal(["a", "b"], data.GetColumn<string>("Text"));
        Assert.Equal([[1, 2], [3, 4]], data.GetColumn<float[]>("Values"));
        Assert.Equal([["x", "y"], ["z"]], data.GetColumn<string[]>("Words"));
        Assert.Equal(["a", "b"], data.GetColumn<ReadOnlyMemory<char>>("Text").Select(t => t.ToString()));
    }

    [Fact]
    public void SchemaDefinition_ColumnTypeAndName_CanBeSet()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Words"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, 2);
        definition["Text"].ColumnName = "Title";
        var schema = _ml.Data.LoadFromEnumerable(_rows, definition).Schema;
        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance, 2), schema["Words"].Type);
        Assert.Equal(TextDataViewType.Instance, schema["Title"].Type);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        [ColumnName("Renamed")]
        public float Number { get; set; }

        public bool Flag { get; set; }

        [VectorType(2)]
        public float[] Values { get; set; } = [];

        [KeyType(3)]
        public uint Key { get; set; }

        public string[] Words { get; set; } = [];

        [NoColumn]
        public Uri? Hidden { get; set; }
    }

    private sealed class Other
    {
        public string Text { get; set; } = "";

        public float Absent { get; set; }
    }

    private sealed class WrongType
    {
        public float Text { get; set; }
    }
}
