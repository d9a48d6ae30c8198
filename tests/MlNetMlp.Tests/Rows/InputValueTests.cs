using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Serving;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Rows;

/// <summary>Values of every column type, in and out again: the model is an empty chain, whose output is its input.</summary>
public sealed class InputValueTests
{
    private static readonly Dictionary<string, (DataViewType Type, DataViewSchema.Annotations? Annotations)> _columns = new()
    {
        ["Single"] = (NumberDataViewType.Single, null),
        ["Double"] = (NumberDataViewType.Double, null),
        ["SByte"] = (NumberDataViewType.SByte, null),
        ["Byte"] = (NumberDataViewType.Byte, null),
        ["Int16"] = (NumberDataViewType.Int16, null),
        ["UInt16"] = (NumberDataViewType.UInt16, null),
        ["Int32"] = (NumberDataViewType.Int32, null),
        ["UInt32"] = (NumberDataViewType.UInt32, null),
        ["Int64"] = (NumberDataViewType.Int64, null),
        ["UInt64"] = (NumberDataViewType.UInt64, null),
        ["Boolean"] = (BooleanDataViewType.Instance, null),
        ["Text"] = (TextDataViewType.Instance, null),
        ["DateTime"] = (DateTimeDataViewType.Instance, null),
        ["DateTimeOffset"] = (DateTimeOffsetDataViewType.Instance, null),
        ["TimeSpan"] = (TimeSpanDataViewType.Instance, null),
        ["RowId"] = (RowIdDataViewType.Instance, null),
        ["Key"] = (new KeyDataViewType(typeof(byte), 3), null),
        ["NamedKey"] = (new KeyDataViewType(typeof(uint), 3), ViewColumn.Names("KeyValues", "ash", "7", "true")),
        ["Vector"] = (new VectorDataViewType(NumberDataViewType.Single, 2), ViewColumn.Names("SlotNames", "width", "height")),
        ["Texts"] = (new VectorDataViewType(TextDataViewType.Instance), null),
        ["Keys"] = (new VectorDataViewType(new KeyDataViewType(typeof(ushort), 3), 2), null),
        ["Flags"] = (new VectorDataViewType(BooleanDataViewType.Instance, 2), null),
    };

    [Theory]
    [InlineData("Single", "1.5", "1.5")]
    [InlineData("Single", "16777217", "16777216")]
    [InlineData("Single", "\"-2e3\"", "-2000")]
    [InlineData("Single", "\"NaN\"", "null")]
    [InlineData("Single", "null", "null")]
    [InlineData("Double", "0.1", "0.1")]
    [InlineData("Double", "null", "null")]
    [InlineData("SByte", "-128", "-128")]
    [InlineData("Byte", "255", "255")]
    [InlineData("Int16", "-32768", "-32768")]
    [InlineData("UInt16", "65535", "65535")]
    [InlineData("Int32", "1e3", "1000")]
    [InlineData("Int32", "5.0", "5")]
    [InlineData("UInt32", "4294967295", "4294967295")]
    [InlineData("Int64", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("UInt64", "18446744073709551615", "18446744073709551615")]
    [InlineData("Boolean", "true", "true")]
    [InlineData("Boolean", "\"False\"", "false")]
    [InlineData("Text", "\"gr\\u00fcn \\\"1\\\"\"", "\"gr\\u00FCn \\u00221\\u0022\"")]
    [InlineData("Text", "\"\"", "\"\"")]
    [InlineData("Text", "null", "\"\"")]
    [InlineData("DateTime", "\"2031-12-24T18:30:00\"", "\"2031-12-24T18:30:00\"")]
    [InlineData("DateTimeOffset", "\"2031-12-24T18:30:00+01:00\"", "\"2031-12-24T18:30:00+01:00\"")]
    [InlineData("TimeSpan", "\"1.12:30:00\"", "\"1.12:30:00\"")]
    [InlineData("Key", "3", "3")]
    [InlineData("Key", "null", "null")]
    [InlineData("NamedKey", "\"ash\"", "\"ash\"")]
    [InlineData("NamedKey", "7", "\"7\"")]
    [InlineData("NamedKey", "true", "\"true\"")]
    [InlineData("Vector", "[1, 2.5]", "[1,2.5]")]
    [InlineData("Vector", "[null, \"3\"]", "[null,3]")]
    [InlineData("Vector", "null", "[null,null]")]
    [InlineData("Texts", "[\"a\", \"bc\", null]", "[\"a\",\"bc\",\"\"]")]
    [InlineData("Texts", "[]", "[]")]
    [InlineData("Texts", "null", "[]")]
    [InlineData("Keys", "[1, null]", "[1,null]")]
    [InlineData("Flags", "[true, false]", "[true,false]")]
    public void SetJson_OfWhatTheColumnTakes_IsTheValue(string column, string json, string expected)
    {
        using ScoringRow row = Scorer(column).CreateRow();
        SetJson(row, column, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(expected, WriteJson(row, column));

        // The same in pieces of one byte, as a network may deliver it.
        SetJson(row, column, Pieces(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(expected, WriteJson(row, column));
    }

    [Theory]
    [InlineData("Single", "\"five\"", "The column 'Single' takes a number; the text 'five' was given.")]
    [InlineData("Single", "\"\"", "The column 'Single' takes a number; the text '' was given.")]
    [InlineData("Single", "1e39", "The column 'Single' takes a number; the number 1e39 was given.")]
    [InlineData("Single", "true", "The column 'Single' takes a number; true was given.")]
    [InlineData("Single", "[1]", "The column 'Single' takes a number; an array was given.")]
    [InlineData("Single", "{}", "The column 'Single' takes a number; an object was given.")]
    [InlineData("Byte", "256", "The column 'Byte' takes a whole number from 0 to 255; the number 256 was given.")]
    [InlineData("Int32", "1.5", "The column 'Int32' takes a whole number from -2147483648 to 2147483647; the number 1.5 was given.")]
    [InlineData("Int32", "null", "takes a whole number from -2147483648 to 2147483647; null was given.")]
    [InlineData("Boolean", "1", "The column 'Boolean' takes true or false; the number 1 was given.")]
    [InlineData("Boolean", "null", "The column 'Boolean' takes true or false; null was given.")]
    [InlineData("Text", "5", "The column 'Text' takes a text; the number 5 was given.")]
    [InlineData("Text", "\"\\ud800\"", "The column 'Text' takes a text; a text that is not valid Unicode was given.")]
    [InlineData("DateTime", "\"soon\"", "The column 'DateTime' takes a date and time such as '2031-12-24T18:30:00'; the text 'soon' was given.")]
    [InlineData("DateTimeOffset", "5", "takes a date and time such as")]
    [InlineData("TimeSpan", "\"long\"", "takes a length of time such as")]
    [InlineData("RowId", "5", "The column 'RowId' takes a value of DataViewRowId; the number 5 was given.")]
    [InlineData("Key", "0", "The column 'Key' takes a key from 1 to 3; the number 0 was given.")]
    [InlineData("Key", "4", "The column 'Key' takes a key from 1 to 3; the number 4 was given.")]
    [InlineData("Key", "true", "The column 'Key' takes a key from 1 to 3; true was given.")]
    [InlineData("NamedKey", "\"oak\"", "The column 'NamedKey' takes one of 'ash', '7', 'true'; the text 'oak' was given.")]
    [InlineData("Vector", "5", "The column 'Vector' takes 2 values in an array, each a number; the number 5 was given.")]
    [InlineData("Vector", "[1]", "The column 'Vector' takes 2 values in an array, each a number; a vector of 1 values was given.")]
    [InlineData("Vector", "[1, 2, 3]", "The column 'Vector' takes 2 values in an array, each a number; an array of more than 2 values was given.")]
    [InlineData("Vector", "[1, [2]]", "an array was given for slot 1 ('height').")]
    [InlineData("Vector", "[1, \"a\"]", "the text 'a' was given for slot 1 ('height').")]
    [InlineData("Flags", "[true, null]", "null was given for slot 1.")]
    [InlineData("Flags", "null", "The column 'Flags' takes 2 values in an array, each true or false; no value was given.")]
    [InlineData("Vector", "\"\\ud800\"", "a text that is not valid Unicode was given.")]
    [InlineData("Boolean", "\"0123456789012345678901234567890123456789 and more\"", "the text '0123456789012345678901234567890123456789'... was given.")]
    public void SetJson_OfAnythingElse_SaysWhatIsAllowed(string column, string json, string message)
    {
        using ScoringRow row = Scorer(column).CreateRow();
        InvalidRowException exception = Assert.Throws<InvalidRowException>(() => SetJson(row, column,
            new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))));
        Assert.Equal(column, exception.ColumnName);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_OfTheTypeOfTheColumn_IsTheValue()
    {
        using ScoringRow row = Scorer([.. _columns.Keys]).CreateRow();
        row.Set("Single", 1.5f);
        row.Set("Double", double.NaN);
        row.Set("SByte", (sbyte)-1);
        row.Set("Byte", (byte)2);
        row.Set("Int16", (short)-3);
        row.Set("UInt16", (ushort)4);
        row.Set("Int32", -5);
        row.Set("UInt32", 6u);
        row.Set("Int64", -7L);
        row.Set("UInt64", 8ul);
        row.Set("Boolean", true);
        row.Set("Text", "some".AsMemory());
        row.Set("DateTime", new DateTime(2031, 12, 24));
        row.Set("DateTimeOffset", new DateTimeOffset(2031, 12, 24, 0, 0, 0, TimeSpan.FromHours(1)));
        row.Set("TimeSpan", TimeSpan.FromMinutes(5));
        row.Set("RowId", new DataViewRowId(9, 10));
        row.Set("Key", (byte)3);
        row.Set("NamedKey", 0u);
        row.SetVector<float>("Vector", [1, 2]);
        row.SetVector<ReadOnlyMemory<char>>("Texts", ["a".AsMemory(), "b".AsMemory()]);
        row.SetVector<ushort>("Keys", 2, [1], [3]);
        row.SetVector<bool>("Flags", [true, false]);
        row.Score();

        Assert.Equal(1.5f, row.Get<float>("Single"));
        Assert.Equal(double.NaN, row.Get<double>("Double"));
        Assert.Equal(-1, row.Get<sbyte>("SByte"));
        Assert.Equal(2, row.Get<byte>("Byte"));
        Assert.Equal(-3, row.Get<short>("Int16"));
        Assert.Equal(4, row.Get<ushort>("UInt16"));
        Assert.Equal(-5, row.Get<int>("Int32"));
        Assert.Equal(6u, row.Get<uint>("UInt32"));
        Assert.Equal(-7L, row.Get<long>("Int64"));
        Assert.Equal(8ul, row.Get<ulong>("UInt64"));
        Assert.True(row.Get<bool>("Boolean"));
        Assert.Equal("some", row.Get<ReadOnlyMemory<char>>("Text").ToString());
        Assert.Equal(new DateTime(2031, 12, 24), row.Get<DateTime>("DateTime"));
        Assert.Equal(TimeSpan.FromHours(1), row.Get<DateTimeOffset>("DateTimeOffset").Offset);
        Assert.Equal(TimeSpan.FromMinutes(5), row.Get<TimeSpan>("TimeSpan"));
        Assert.Equal(new DataViewRowId(9, 10), row.Get<DataViewRowId>("RowId"));
        Assert.Equal(3, row.Get<byte>("Key"));
        Assert.Equal(0u, row.Get<uint>("NamedKey"));
        Assert.Equal([1, 2], row.GetValues<float>("Vector"));
        Assert.Equal(["a", "b"], row.GetValues<ReadOnlyMemory<char>>("Texts").ToArray().Select(text => text.ToString()));
        Assert.Equal([(ushort)0, (ushort)3], row.GetValues<ushort>("Keys"));
        Assert.Equal(1, row.GetVector<ushort>("Keys").GetValues().Length);
        Assert.Equal([true, false], row.GetValues<bool>("Flags"));
    }

    [Fact]
    public void SetText_OfSeveralColumns_KeepsAllTexts()
    {
        using ScoringRow row = Scorer("Text", "Texts", "Int32").CreateRow();
        for (int i = 0; i < 5; i++)
        {
            string text = new((char)('a' + i), 50 * (i + 1)), first = new('x', 40 * (i + 1));
            row.SetText("Text", text);
            SetJson(row, "Texts", new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(new[] { first, "y" })), score: false);
            row.SetText("Int32", "12345");
            row.Score();

            Assert.Equal(text, row.Get<ReadOnlyMemory<char>>("Text").ToString());
            Assert.Equal([first, "y"], row.GetValues<ReadOnlyMemory<char>>("Texts").ToArray().Select(t => t.ToString()));
            Assert.Equal(12345, row.Get<int>("Int32"));
        }
    }

    [Fact]
    public void GetValues_OfSparseVectors_AreThoseOfTheRow()
    {
        using ScoringRow row = Scorer("Keys").CreateRow();
        row.SetVector<ushort>("Keys", 2, [1], [3]);
        row.Score();
        Assert.Equal([(ushort)0, (ushort)3], row.GetValues<ushort>("Keys"));
        row.SetVector<ushort>("Keys", 2, [0], [2]);
        row.Score();
        Assert.Equal([(ushort)2, (ushort)0], row.GetValues<ushort>("Keys"));
        row.SetVector<ushort>("Keys", 2, [0, 1], [1, 2]);
        row.Score();
        Assert.Equal([(ushort)1, (ushort)2], row.GetValues<ushort>("Keys"));
    }

    [Fact]
    public void SetJson_Score_WriteJson_AllocateNothing()
    {
        using ScoringRow row = Scorer("Text", "NamedKey", "Vector", "Texts", "Single").CreateRow();
        byte[] json = "{\"Text\":\"gr\\u00fcn\",\"NamedKey\":\"ash\",\"Vector\":[1.5,null],\"Texts\":[\"a\",\"bc\"],\"Single\":0.5}"u8.ToArray();
        var buffer = new ArrayBufferWriter<byte>(1000);
        using var writer = new Utf8JsonWriter(buffer);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                var reader = new Utf8JsonReader(json);
                reader.Read();
                for (int column = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; column++)
                {
                    reader.Read();
                    row.SetJson(column, ref reader);
                }

                row.Score();
                buffer.ResetWrittenCount();
                writer.Reset();
                writer.WriteStartArray();
                for (int column = 0; column < row.Scorer.Outputs.Count; column++)
                {
                    row.WriteJson(column, writer);
                }

                writer.WriteEndArray();
                writer.Flush();
            }
        }));
        Assert.Equal("[\"gr\\u00FCn\",\"ash\",[1.5,null],[\"a\",\"bc\"],0.5]", Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Theory]
    [InlineData("Single", 0.1, "0.1")]
    [InlineData("Single", double.NaN, "null")]
    [InlineData("Double", 1e300, "1E+300")]
    [InlineData("SByte", -128, "-128")]
    [InlineData("Byte", 255, "255")]
    [InlineData("Int64", -9223372036854775808d, "-9223372036854775808")]
    [InlineData("UInt64", 18446744073709549568d, "18446744073709549568")]
    [InlineData("Key", 3, "3")]
    [InlineData("NamedKey", 7, "\"7\"")]
    [InlineData("Single", 1e39, null)]
    [InlineData("SByte", 128, null)]
    [InlineData("Byte", 1.5, null)]
    [InlineData("Byte", double.NaN, null)]
    [InlineData("Int64", 9223372036854775808d, null)]
    [InlineData("UInt64", 18446744073709551616d, null)]
    [InlineData("UInt64", -1, null)]
    [InlineData("Key", 4, null)]
    [InlineData("NamedKey", 1, null)]
    [InlineData("Text", 1, null)]
    [InlineData("Boolean", 1, null)]
    [InlineData("Vector", 1, null)]
    public void SetNumber_IsTheNumber_OrRefused(string column, double number, string? expected)
    {
        using ScoringRow row = Scorer(column).CreateRow();
        if (expected is null)
        {
            Assert.StartsWith($"The column '{column}' takes ", Assert.Throws<InvalidRowException>(() => row.SetNumber(column, number)).Message,
                StringComparison.Ordinal);
            return;
        }

        row.SetNumber(column, number);
        row.Score();
        Assert.Equal(expected, WriteJson(row, column));
    }

    [Fact]
    public void Set_OfSomethingElse_SaysWhatTheColumnIs()
    {
        using ScoringRow row = Scorer([.. _columns.Keys]).CreateRow();
        (Action Set, string Message)[] cases =
        [
            (() => row.Set("Single", 5), "The column 'Single' is Single; a value of Int32 was given."),
            (() => row.Set("Text", 5f), "The column 'Text' is String; a value of Single was given."),
            (() => row.Set("Vector", 5f), "The column 'Vector' is Vector<Single, 2>; a value of Single was given."),
            (() => row.SetVector<float>("Single", [1]), "The column 'Single' is Single; a vector of Single was given."),
            (() => row.SetVector<double>("Vector", [1, 2]), "The column 'Vector' is Vector<Single, 2>; a vector of Double was given."),
            (() => row.SetVector<float>("Vector", [1, 2, 3]), "The column 'Vector' takes 2 values in an array, each a number; a vector of 3 values was given."),
            (() => row.SetVector<float>("Vector", 3, [1], [1]),
                "The column 'Vector' takes 2 values in an array, each a number; a vector of 3 values was given."),
            (() => row.SetVector<float>("Vector", 2, [1, 1], [1, 2]), "a sparse vector of 2 slots whose indices are not ascending from 0 to 1 was given."),
            (() => row.SetVector<float>("Vector", 2, [2], [1]), "a sparse vector of 2 slots whose indices are not ascending from 0 to 1 was given."),
            (() => row.SetVector<float>("Vector", 2, [-1], [1]), "a sparse vector of 2 slots whose indices are not ascending from 0 to 1 was given."),
            (() => row.SetVector<float>("Vector", 2, [1], []), "a sparse vector of 0 values with 1 indices was given."),
            (() => row.Set("Key", (byte)4), "The column 'Key' takes a key from 1 to 3; 4 was given."),
            (() => row.SetVector<ushort>("Keys", [1, 4]), "4 was given for slot 1."),
            (() => row.SetVector<ushort>("Keys", 2, [1], [4]), "4 was given for slot 1."),
            (() => row.Set("Vector", "1, 2"), "the text '1, 2' was given."),
            (() => row.SetMissing("Boolean"), "The column 'Boolean' takes true or false; no value was given."),
            (() => row.Set("Other", 5f), "There is no column 'Other'. The columns are 'Single', 'Double', "),
        ];

        Assert.All(cases, c => Assert.Contains(c.Message, Assert.Throws<InvalidRowException>(c.Set).Message, StringComparison.Ordinal));
    }

    private static RowScorer Scorer(params string[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (string name in columns)
        {
            builder.AddColumn(name, _columns[name].Type, _columns[name].Annotations);
        }

        return new MLContext(1).Model.CreateRowScorer(new TransformerChain<ITransformer>(), builder.ToSchema());
    }

    private static void SetJson(ScoringRow row, string column, ReadOnlySequence<byte> json, bool score = true)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        row.SetJson(column, ref reader);
        Assert.False(reader.Read());
        if (score)
        {
            row.Score();
        }
    }

    private static string WriteJson(ScoringRow row, string column)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            row.WriteJson(column, writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes)
    {
        var first = new Piece(bytes.AsMemory(0, 1), null);
        Piece last = first;
        for (int i = 1; i < bytes.Length; i++)
        {
            last = new Piece(bytes.AsMemory(i, 1), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
