using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>What the rest of this project expects of loading text files, of Microsoft.ML and of its stand-in alike.</summary>
public sealed class TextLoadingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void LoadFromTextFile_QuotedFields_KeepsSeparatorsAndHalvesDoubledQuotes()
    {
        var rows = Load<Texts>(["name,note", "\"Smith, J.\",\"said \"\"yes\"\"\"", "plain, leading space"], hasHeader: true, allowQuoting: true);
        Assert.Equal(["Smith, J.", "plain"], rows.Select(r => r.First));
        Assert.Equal(["said \"yes\"", "leading space"], rows.Select(r => r.Second));
    }

    [Fact]
    public void LoadFromTextFile_WithoutQuoting_TakesQuotesAsText()
    {
        var row = Assert.Single(Load<Texts>(["\"a,b"]));
        Assert.Equal("\"a", row.First);
        Assert.Equal("b", row.Second);
    }

    [Fact]
    public void LoadFromTextFile_EmptyAndUnreadableNumbers_AreZeroAndNaN()
    {
        var rows = Load<Numbers>(["1.5,2", ",3", "?,4", "abc,5", "-1e3,6", "7"]);
        Assert.Equal([1.5f, 0, float.NaN, float.NaN, -1000, 7], rows.Select(r => r.Real));
        Assert.Equal([2, 3, 4, 5, 6, 0], rows.Select(r => r.Whole));
    }

    [Fact]
    public void LoadFromTextFile_UnreadableInteger_ThrowsWhileReading()
    {
        File.WriteAllLines(_path, ["1,2", "1,x"]);
        var data = _ml.Data.LoadFromTextFile<Numbers>(_path, separatorChar: ',');
        Assert.Throws<FormatException>(() => data.GetColumn<int>("Whole").ToArray());
    }

    [Fact]
    public void LoadFromTextFile_BooleanForms_AreRead()
    {
        string[] words = ["true", "False", "1", "0", "yes", "no", "+1", "-1", "T", ""];
        var rows = Load<Flags>([.. words.Select(word => word + ",x")]);
        Assert.Equal([true, false, true, false, true, false, true, false, true, false], rows.Select(r => r.Flag));
    }

    [Fact]
    public void LoadFromTextFile_Ranges_BecomeVectorsOfKnownSize()
    {
        File.WriteAllLines(_path, ["1,2,3,4", "5,6,7,8"]);
        var data = _ml.Data.LoadFromTextFile<Vectors>(_path, separatorChar: ',');
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), data.Schema["Pixels"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), data.Schema["Ends"].Type);
        Assert.Equal([[1, 2, 3], [5, 6, 7]], data.GetColumn<float[]>("Pixels"));
        Assert.Equal([[4, 1], [8, 5]], data.GetColumn<float[]>("Ends"));
    }

    [Fact]
    public void LoadFromTextFile_MostFieldsEmpty_GivesSparseVector()
    {
        File.WriteAllLines(_path, [",,3,4", "1,2,3,4"]);
        var data = _ml.Data.LoadFromTextFile<Vectors>(_path, separatorChar: ',');
        Assert.Equal([false, true], data.GetColumn<VBuffer<float>>("Pixels").Select(v => v.IsDense));
        Assert.Equal([[0, 0, 3], [1, 2, 3]], data.GetColumn<float[]>("Pixels"));
    }

    [Fact]
    public void LoadFromTextFile_KeyType_ShiftsByOneAndZeroIsMissing()
    {
        File.WriteAllLines(_path, ["0,a", "2,b", "3,c", ",d"]);
        var data = _ml.Data.LoadFromTextFile<Keys>(_path, separatorChar: ',');
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), data.Schema["Class"].Type);
        Assert.Equal([1u, 3u, 0u, 0u], data.GetColumn<uint>("Class"));
    }

    [Fact]
    public void LoadFromTextFile_CommentsAndEmptyLines_AreSkipped()
    {
        var rows = Load<Texts>(["#settings", "// comment", "head,line", "", "a,b", "// later", "#c,d"], hasHeader: true);
        Assert.Equal(["a", "#c"], rows.Select(r => r.First));
    }

    [Fact]
    public void LoadFromTextFile_TrimWhitespace_CutsTheEndsOfLines()
    {
        Assert.Equal("b", Load<Texts>(["a ,b  "], trimWhitespace: true).Single().Second);
        Assert.Equal("b  ", Load<Texts>(["a ,b  "]).Single().Second);
        Assert.Equal("a ", Load<Texts>(["a ,b  "]).Single().First);
    }

    [Fact]
    public void LoadFromTextFile_SparseText_PutsValuesAtTheirIndices()
    {
        File.WriteAllLines(_path, ["9 4 0:1.5 3:2", "8 4 1:1"]);
        var data = _ml.Data.LoadFromTextFile<SparseRow>(_path, separatorChar: ' ', allowSparse: true);
        Assert.Equal([9, 8], data.GetColumn<float>("Label"));
        Assert.Equal([[1.5f, 0, 0, 2], [0, 1, 0, 0]], data.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void LoadFromTextFile_RowCountAndShuffling_AreNotOffered()
    {
        File.WriteAllLines(_path, ["1,2"]);
        var data = _ml.Data.LoadFromTextFile<Numbers>(_path, separatorChar: ',');
        Assert.Null(data.GetRowCount());
        Assert.False(data.CanShuffle);
    }

    [Fact]
    public void LoadFromTextFile_MemberWithoutLoadColumn_Throws()
        => Assert.Throws<InvalidOperationException>(() => Load<Unmarked>(["1,2"]));

    [Fact]
    public void LoadFromTextFile_MissingFile_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromTextFile<Numbers>(_path + ".missing"));

    private T[] Load<T>(string[] lines, bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false)
        where T : class, new()
    {
        File.WriteAllLines(_path, lines);
        var data = _ml.Data.LoadFromTextFile<T>(_path, ',', hasHeader, allowQuoting, trimWhitespace);
        return [.. _ml.Data.CreateEnumerable<T>(data, reuseRowObject: false)];
    }

    private sealed class Texts
    {
        [LoadColumn(0)]
        public string First { get; set; } = "";

        [LoadColumn(1)]
        public string Second { get; set; } = "";
    }

    private sealed class Numbers
    {
        [LoadColumn(0)]
        public float Real { get; set; }

        [LoadColumn(1)]
        public int Whole { get; set; }
    }

    private sealed class Flags
    {
        [LoadColumn(0)]
        public bool Flag { get; set; }
    }

    private sealed class Vectors
    {
        [LoadColumn(0, 2)]
        public float[] Pixels { get; set; } = [];

        [LoadColumn([3, 0])]
        public float[] Ends { get; set; } = [];
    }

    private sealed class Keys
    {
        [LoadColumn(0), KeyType(3)]
        public uint Class { get; set; }
    }

    private sealed class SparseRow
    {
        [LoadColumn(0)]
        public float Label { get; set; }

        [LoadColumn(1, 4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Unmarked
    {
        public float Value { get; set; }
    }
}
