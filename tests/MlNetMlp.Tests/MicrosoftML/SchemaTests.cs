using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>Schemas, types and annotations.</summary>
public sealed class SchemaTests
{
    [Fact]
    public void Builder_SameNameTwice_TheLaterHidesTheEarlier()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("X", NumberDataViewType.Single);
        builder.AddColumn("Y", TextDataViewType.Instance);
        builder.AddColumn("X", NumberDataViewType.Double);
        var schema = builder.ToSchema();
        Assert.Equal([true, false, false], schema.Select(c => c.IsHidden));
        Assert.Equal(2, schema["X"].Index);
        Assert.Null(schema.GetColumnOrNull("Z"));
        Assert.Throws<ArgumentOutOfRangeException>(() => schema["Z"]);
    }

    [Fact]
    public void Annotations_ValuesAndVectors_AreRead()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            "SlotNames",
            new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> names) => names = new(2, ["a".AsMemory(), "b".AsMemory()]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("V", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        var column = builder.ToSchema()["V"];
        Assert.True(column.IsNormalized());
        Assert.True(column.HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> found = default;
        column.GetSlotNames(ref found);
        Assert.Equal(["a", "b"], found.DenseValues().Select(n => n.ToString()));
        bool wrong = false;
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("Absent", ref wrong));
    }

    [Fact]
    public void Annotations_GetterOfAnotherType_IsRefused()
        => Assert.ThrowsAny<ArgumentException>(() => new DataViewSchema.Annotations.Builder().Add<float>(
            "X", NumberDataViewType.Double, (ref float value) => value = 1));

    [Fact]
    public void Types_EqualByContent()
    {
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3, 1));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Double, 3));
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 3ul));
        Assert.NotEqual(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(byte), 3));
    }

    [Fact]
    public void Types_ToString_SaysItemAndSize()
    {
        Assert.Equal("Single", NumberDataViewType.Single.ToString());
        Assert.Equal("String", TextDataViewType.Instance.ToString());
        Assert.Equal("Boolean", BooleanDataViewType.Instance.ToString());
        Assert.Equal("Key<UInt32, 0-2>", new KeyDataViewType(typeof(uint), 3).ToString());
        Assert.Equal("Vector<Single, 3>", new VectorDataViewType(NumberDataViewType.Single, 3).ToString());
        Assert.Equal("Vector<Single>", new VectorDataViewType(NumberDataViewType.Single).ToString());
        Assert.Equal("Vector<Single, 2, 3>", new VectorDataViewType(NumberDataViewType.Single, 2, 3).ToString());
    }

    [Fact]
    public void KeyDataViewType_WrongTypeOrCount_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0ul));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 300));
    }

    [Fact]
    public void RowId_Compares_HighBitsFirst()
    {
        Assert.True(new DataViewRowId(9, 0).CompareTo(new DataViewRowId(0, 1)) < 0);
        Assert.Equal(new DataViewRowId(1, 2), new DataViewRowId(1, 2));
        Assert.Equal("00000000000000020000000000000001", new DataViewRowId(1, 2).ToString());
    }
}
