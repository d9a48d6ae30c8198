using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MlNetMlp.Tests.MicrosoftML;

/// <summary>The transforms that prepare data for training.</summary>
public sealed class TransformTests
{
    private static readonly Row[] _rows =
    [
        new() { City = "Rome", A = 1, B = -4, Pair = [2, 0], Cities = ["Rome", "Oslo"] },
        new() { City = "Oslo", A = 2, B = 2, Pair = [4, 0], Cities = ["Oslo", "Oslo"] },
        new() { City = "Rome", A = 3, B = float.NaN, Pair = [6, 0], Cities = ["Rome", ""] },
        new() { City = "", A = 6, B = 2, Pair = [8, 0], Cities = ["", "Bern"] },
    ];

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(_rows);

    [Fact]
    public void MapValueToKey_Text_NumbersValuesByOccurrence()
    {
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Key", "City"));
        Assert.Equal([1u, 2u, 1u, 0u], keys.GetColumn<uint>("Key"));
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), keys.Schema["Key"].Type);
        Assert.True(keys.Schema["Key"].HasKeyValues());
        Assert.Equal(["Rome", "Oslo"], KeyValues<ReadOnlyMemory<char>>(keys.Schema["Key"]).Select(v => v.ToString()));
    }

    [Fact]
    public void MapValueToKey_ByValue_SortsTheKeys()
    {
        var byValue = ValueToKeyMappingEstimator.KeyOrdinality.ByValue;
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Key", "City", keyOrdinality: byValue));
        Assert.Equal([2u, 1u, 2u, 0u], keys.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_Numbers_KeepTheirType()
    {
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Key", "B"));
        Assert.Equal([1u, 2u, 0u, 2u], keys.GetColumn<uint>("Key"));
        Assert.Equal([-4, 2], KeyValues<float>(keys.Schema["Key"]));
        Assert.True(keys.Schema["Key"].HasKeyValues(NumberDataViewType.Single));
        Assert.False(keys.Schema["Key"].HasKeyValues());
    }

    [Fact]
    public void MapValueToKey_UnseenValue_IsMissing()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "City").Fit(Data);
        var other = _ml.Data.LoadFromEnumerable([new Row { City = "Paris" }, new Row { City = "Oslo" }]);
        Assert.Equal([0u, 2u], model.Transform(other).GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_MaximumNumberOfKeys_IsKept()
    {
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Key", "City", maximumNumberOfKeys: 1));
        Assert.Equal([1u, 0u, 1u, 0u], keys.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapValueToKey_Vectors_MapsEachItem()
    {
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Keys", "Cities"));
        Assert.Equal([[1u, 2u], [2u, 2u], [1u, 0u], [0u, 3u]], keys.GetColumn<uint[]>("Keys"));
    }

    [Fact]
    public void MapValueToKey_KeyData_GivesTheKeys()
    {
        var keyData = _ml.Data.LoadFromEnumerable([new Name { Value = "Oslo" }, new Name { Value = "Rome" }]);
        var keys = Transform(_ml.Transforms.Conversion.MapValueToKey("Key", "City", keyData: keyData));
        Assert.Equal([2u, 1u, 2u, 0u], keys.GetColumn<uint>("Key"));
    }

    [Fact]
    public void MapKeyToValue_AfterMapValueToKey_GivesTheValuesBack()
    {
        var chain = _ml.Transforms.Conversion.MapValueToKey("Key", "City").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Key"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("NumberKey", "B")).Append(_ml.Transforms.Conversion.MapKeyToValue("NumberKey"));
        var back = chain.Fit(Data).Transform(Data);
        Assert.Equal(["Rome", "Oslo", "Rome", ""], back.GetColumn<string>("Back"));
        Assert.Equal([-4, 2, float.NaN, 2], back.GetColumn<float>("NumberKey"));
    }

    [Fact]
    public void MapKeyToValue_OfNoKey_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "C")).Fit(Data));

    [Fact]
    public void OneHotEncoding_Indicator_IsSparseNormalizedAndNamed()
    {
        var hot = Transform(_ml.Transforms.Categorical.OneHotEncoding("Hot", "City"));
        var column = hot.Schema["Hot"];
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), column.Type);
        Assert.True(column.IsNormalized());
        Assert.Equal(["Rome", "Oslo"], SlotNames(column));
        Assert.All(hot.GetColumn<VBuffer<float>>("Hot"), v => Assert.False(v.IsDense));
        Assert.Equal([[1, 0], [0, 1], [1, 0], [0, 0]], hot.GetColumn<float[]>("Hot"));
    }

    [Fact]
    public void OneHotEncoding_Key_GivesKeys()
    {
        var hot = Transform(_ml.Transforms.Categorical.OneHotEncoding("Hot", "City", OneHotEncodingEstimator.OutputKind.Key));
        Assert.Equal([1u, 2u, 1u, 0u], hot.GetColumn<uint>("Hot"));
    }

    [Fact]
    public void Concatenate_ValuesAndVectors_NamesTheSlots()
    {
        var chain = _ml.Transforms.Categorical.OneHotEncoding("Hot", "City").Append(_ml.Transforms.Concatenate("Features", "A", "Hot", "B", "Pair"));
        var joined = chain.Fit(Data).Transform(Data);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 6), joined.Schema["Features"].Type);
        Assert.Equal(["A", "Hot.Rome", "Hot.Oslo", "B", "", ""], SlotNames(joined.Schema["Features"]));
        Assert.Equal([[1, 1, 0, -4, 2, 0], [2, 0, 1, 2, 4, 0]], joined.GetColumn<float[]>("Features").Take(2));
    }

    [Fact]
    public void Concatenate_MostlyZeros_IsSparse()
    {
        var chain = _ml.Transforms.Categorical.OneHotEncoding("Hot", "A").Append(_ml.Transforms.Concatenate("Features", "A", "Hot"));
        var vectors = chain.Fit(Data).Transform(Data);
        Assert.False(vectors.GetColumn<VBuffer<float>>("Features").First().IsDense);
        Assert.Equal([6, 0, 0, 0, 1], vectors.GetColumn<float[]>("Features").Last());
    }

    [Fact]
    public void Concatenate_DifferentTypes_Throws()
        => Assert.Throws<InvalidOperationException>(() => _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.Concatenate("Features", "A", "City")).Fit(Data));

    [Fact]
    public void Concatenate_MissingColumn_ThrowsOnTransform()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Transform(_ml.Transforms.Concatenate("Features", "A", "Absent")));

    [Fact]
    public void NormalizeMinMax_FixZero_DividesByTheLargestMagnitude()
    {
        var normal = Transform(_ml.Transforms.NormalizeMinMax("N", "B"));
        Assert.Equal([-1, 0.5f, float.NaN, 0.5f], normal.GetColumn<float>("N"));
        Assert.True(normal.Schema["N"].IsNormalized());
    }

    [Fact]
    public void NormalizeMinMax_FreeZero_MapsToZeroToOne()
    {
        var normal = Transform(_ml.Transforms.NormalizeMinMax("N", "A", fixZero: false));
        AssertClose([0, 0.2f, 0.4f, 1], normal.GetColumn<float>("N"));
    }

    [Fact]
    public void NormalizeMinMax_ConstantSlot_BecomesZero()
    {
        var normal = Transform(_ml.Transforms.NormalizeMinMax("Pair"));
        Assert.Equal([[0.25f, 0], [0.5f, 0], [0.75f, 0], [1, 0]], normal.GetColumn<float[]>("Pair"));
    }

    [Fact]
    public void NormalizeMeanVariance_FreeZero_HasMeanZeroAndVarianceOne()
    {
        // Mean of 1, 2, 3, 6 is 3; the squared distances 4, 1, 0, 9 have the mean 3.5.
        var normal = Transform(_ml.Transforms.NormalizeMeanVariance("N", "A", fixZero: false));
        double deviation = Math.Sqrt(3.5);
        AssertClose([.. new double[] { -2, -1, 0, 3 }.Select(x => (float)(x / deviation))], normal.GetColumn<float>("N"));
    }

    [Fact]
    public void NormalizeMeanVariance_FixZero_DividesByTheRootOfTheMeanSquare()
    {
        // Mean square of 1, 2, 3, 6: (1 + 4 + 9 + 36) / 4 = 12.5.
        var normal = Transform(_ml.Transforms.NormalizeMeanVariance("N", "A"));
        AssertClose([.. new double[] { 1, 2, 3, 6 }.Select(x => (float)(x / Math.Sqrt(12.5)))], normal.GetColumn<float>("N"));
    }

    [Fact]
    public void Normalize_Text_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.CopyColumns("C", "A").Append(_ml.Transforms.NormalizeMinMax("N", "City")).Fit(Data));

    [Fact]
    public void Transform_SameOutputName_HidesTheInputColumn()
    {
        var normal = Transform(_ml.Transforms.NormalizeMinMax("A"));
        Assert.Equal(2, normal.Schema.Count(c => c.Name == "A"));
        Assert.Equal([true, false], normal.Schema.Where(c => c.Name == "A").Select(c => c.IsHidden));
        Assert.Equal(1, normal.GetColumn<float>("A").Last());
    }

    [Fact]
    public void GetOutputSchema_OfFittedTransformer_AgreesWithTheData()
    {
        var model = _ml.Transforms.Categorical.OneHotEncoding("Hot", "City").Append(_ml.Transforms.Concatenate("F", "A", "Hot")).Fit(Data);
        var promised = model.GetOutputSchema(Data.Schema);
        var given = model.Transform(Data).Schema;
        Assert.Equal(given.Select(c => (c.Name, c.Type, c.IsHidden)), promised.Select(c => (c.Name, c.Type, c.IsHidden)));
    }

    private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
    {
        Assert.True(column.HasSlotNames());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static T[] KeyValues<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues()];
    }

    private static void AssertClose(float[] expected, IEnumerable<float> actual)
        => Assert.Equal(expected, actual, (x, y) => Math.Abs(x - y) < 1e-6f);

    private IDataView Transform(IEstimator<ITransformer> estimator) => estimator.Fit(Data).Transform(Data);

    private sealed class Row
    {
        public string City { get; set; } = "";

        public float A { get; set; }

        public float B { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];

        [VectorType(2)]
        public string[] Cities { get; set; } = ["", ""];
    }

    private sealed class Name
    {
        public string Value { get; set; } = "";
    }
}
