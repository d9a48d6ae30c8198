using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Graphs by hand: ways to write a network, and graphs that look like one.</summary>
public sealed class GraphPatternTests
{
    private static readonly Dictionary<string, Func<GraphFile, string, string>> _others = new()
    {
        ["Where"] = (file, z) =>
        {
            string zero = file.Scalar(0);
            return file.Node("Where", [file.Node("Greater", z, zero), z, zero]);
        },
        ["Sub"] = (file, z) => file.Node("Sub", z, z),
        ["Concat"] = (file, z) => file.Node("Concat", [z, z], ("axis", 1L)),
        ["Gather"] = (file, z) => file.Node("Gather", [z, file.Whole(0, 2)], ("axis", 1L)),
        ["Cast"] = (file, z) => file.Node("Cast", [z], ("to", 7L)),
        ["Div"] = (file, z) => file.Node("Div", file.Scalar(2), z),
        ["Mul"] = (file, z) => file.Node("Mul", z, file.Node("Add", file.Node("Erf", file.Node("Div", file.Scalar(MathF.Sqrt(2)), z)), file.Scalar(1))),
        ["Add"] = (file, z) => file.Node("Add", z, z),
        ["Softmax"] = (file, z) => file.Node("Tanh", file.Node("Softmax", z)),
        ["Reshape"] = (file, z) => file.Node("Reshape", z, file.Whole(-1, 2)),
        ["ReduceMax"] = (file, z) => file.Node("ReduceMax", [z], ("axes", new[] { 1L }), ("keepdims", 0L)),
        ["Clip"] = (file, z) => file.Node("Clip", [z, file.Scalar(0)]),
        ["LayerNormalization"] = (file, z) => file.Node("LayerNormalization", [z, file.Scalar(1)], ("axis", 0L)),
        ["Gemm"] = (file, z) => file.Node("Gemm", [z, file.Constant([3, 3], new float[9])], ("transA", 1L)),
        ["MatMul"] = (file, z) => file.Node("MatMul", file.Constant([3, 3], new float[9]), z),
    };

    public static TheoryData<string> Others => [.. _others.Keys];

    [Theory]
    [MemberData(nameof(Others))]
    public void Load_GraphThatComputesSomethingElse_IsRefusedByOperatorAndNode(string op)
    {
        var file = new GraphFile { InputShape = [3] };
        file.Output(_others[op](file, Affine(file, "x")));

        var exception = Assert.Throws<NotSupportedException>(() => Load(file));

        Assert.Matches($"operator {op} 'node of {op}[0-9]+'", exception.Message);
    }

    [Fact]
    public void Load_OutputThatIsNotTheLastOperator_IsTheOneThatIsRead()
    {
        var file = new GraphFile { InputShape = [3] };
        string first = file.Node("MatMul", "x", file.Constant([3, 1], 1, 2, 3));
        file.Node("Sin", file.Node("MatMul", first, file.Constant([1, 2], 5, 6)));
        file.Output(first);

        Assert.Equal([1f + 20 + 300], RandomModels.Scores(Load(file), [1, 10, 100]));
    }

    [Fact]
    public void Load_SeveralOutputsOfRealNumbers_AsksWhich()
    {
        var file = new GraphFile { InputShape = [3] };
        string first = Affine(file, "x"), second = Affine(file, file.Node("Relu", first));
        file.Output(first);
        file.Output(second);
        file.Output(file.Node("ArgMax", second), GraphFile.Int64);

        var exception = Assert.Throws<NotSupportedException>(() => Load(file));

        Assert.Contains($"{first}, {second}, ArgMax", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Load(file, output: first).Architecture.HiddenLayers);
        Assert.Equal(3, Load(file, output: second).Architecture.HiddenLayers[0].Units);
    }

    [Fact]
    public void Load_SoftmaxOfOneColumn_IsBlamedOnTheOperator()
    {
        var file = new GraphFile { InputShape = [3] };
        file.Output(file.Node("Softmax", file.Node("MatMul", "x", file.Constant([3, 1], 1, 2, 3))));

        var exception = Assert.Throws<NotSupportedException>(() => Load(file));

        Assert.Contains("operator Softmax 'node of Softmax", exception.Message, StringComparison.Ordinal);
        Assert.Contains("one column", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NormalizationBehindSumsWithBiases_HasALayerOfItsOwn()
    {
        var file = new GraphFile { InputShape = [3] };
        string normalized = file.Node("LayerNormalization", [Affine(file, "x"), file.Row(1, 2, 3), file.Row(4, 5, 6)], ("epsilon", 0.5f));
        file.Output(file.Node("MatMul", file.Node("Relu", normalized), file.Constant([3, 1], 1, 10, 100)));

        MlpModel model = Load(file);

        // The rows of W are those of the unit matrix, and b is (1, 0, 0): 3, 1, 2 have the mean 2 and the variance 2/3.
        Assert.Equal(2, model.Architecture.HiddenLayers.Count);
        double deviation = Math.Sqrt(2 / 3.0 + 0.5);
        double expected = (1 * 1 / deviation + 4) + 10 * (2 * -1 / deviation + 5) + 100 * 6;
        Assert.Equal(expected, RandomModels.Scores(model, [2, 1, 2])[0], 1e-3);
    }

    [Fact]
    public void Load_OperatorsOfAnOldVersion_AreRefused()
    {
        var file = new GraphFile { InputShape = [3], OperatorSet = 6 };
        file.Output(Affine(file, "x"));

        Assert.Contains("version 6", Assert.Throws<NotSupportedException>(() => Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DropoutThatTrains_IsRefused()
    {
        var file = new GraphFile { InputShape = [3] };
        file.Output(file.Node("Dropout", [Affine(file, "x"), file.Scalar(0.5f), file.Truth(true)]));
        Assert.Contains("operator Dropout", Assert.Throws<NotSupportedException>(() => Load(file)).Message, StringComparison.Ordinal);

        file = new GraphFile { InputShape = [3] };
        file.Output(file.Node("Dropout", [Affine(file, "x"), file.Scalar(0.5f), file.Truth(false)]));
        Assert.Equal(3, Load(file).OutputCount);
    }

    [Theory]
    [InlineData(new long[] { 2, 2 }, false)]
    [InlineData(new long[] { 4 }, true)]
    public void Load_InputOfSeveralDimensions_NeedsToBeFlattened(long[] shape, bool isRow)
    {
        var file = new GraphFile { InputShape = shape };
        file.Output(file.Node("MatMul", "x", file.Constant([4, 1], 1, 2, 3, 4)));
        Assert.Equal(isRow, Record.Exception(() => Load(file)) is null);

        file = new GraphFile { InputShape = shape };
        file.Output(file.Node("MatMul", file.Node("Flatten", "x"), file.Constant([4, 1], 1, 2, 3, 4)));
        Assert.Equal([4321f], RandomModels.Scores(Load(file), [1, 10, 100, 1000]));
    }

    [Theory]
    [InlineData(new long[] { 0, 2, 2 }, null)]
    [InlineData(new long[] { 0, 2, 1 }, "Concat")]
    [InlineData(new long[] { 0, 2, 3 }, "Concat")]
    [InlineData(new long[] { 0, 2, -1 }, "Concat")]
    public void Load_BinsOfFeatures_AreReadInTheOrderOfTheFeatures(long[] sources, string? refused)
    {
        var file = new GraphFile { InputShape = [3] };
        file.Output(file.Node("MatMul", Bins(file, "x", file.Whole(sources)), file.Constant([6, 1], 1, 1, 1, 10, 100, 1000)));

        if (refused is not null)
        {
            Assert.Contains($"operator {refused}", Assert.Throws<NotSupportedException>(() => Load(file)).Message, StringComparison.Ordinal);
            return;
        }

        // The features, and of their bins [1, 2], [2, 2.5] and [3, 7]: 0.5, 1 and 0.25.
        Assert.Equal([1.5f + 8 + 4 + 5 + 100 + 250], RandomModels.Scores(Load(file), [1.5f, 8, 4]));
    }

    [Fact]
    public void Load_BinsBehindALayer_AreRefused()
    {
        var file = new GraphFile { InputShape = [3] };
        file.Output(file.Node("MatMul", Bins(file, Affine(file, "x"), file.Whole(0, 2, 2)), file.Constant([6, 1], 1, 1, 1, 10, 100, 1000)));

        Assert.Contains("operator Concat", Assert.Throws<NotSupportedException>(() => Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ListOfBinsThatIsAMatrix_IsRefused()
    {
        var file = new GraphFile { InputShape = [3] };
        string list = file.Node("Reshape", file.Whole(0, 2, 2), file.Whole(1, 3));
        file.Output(file.Node("MatMul", Bins(file, "x", list), file.Constant([6, 1], 1, 1, 1, 10, 100, 1000)));

        Assert.Contains("operator Concat", Assert.Throws<NotSupportedException>(() => Load(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>Without an encoding, or with one that does not show this feature.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_MissingFeatureThatTheNetworkDoesNotSee_IsRefused(bool isEncoded)
    {
        var file = new GraphFile { InputShape = [3] };
        string x = file.Node("Where", [file.Node("IsNaN", "x"), file.Row(1, float.NaN, 3), "x"]);
        x = isEncoded ? Bins(file, x, file.Whole(0, 2, 2)) : x;
        int columns = isEncoded ? 6 : 3;
        file.Output(file.Node("MatMul", x, file.Constant([columns, 1], new float[columns])));

        var exception = Assert.Throws<NotSupportedException>(() => Load(file));

        Assert.Contains("operator Where", exception.Message, StringComparison.Ordinal);
        Assert.Contains("feature 1", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>The features, and what the bins [1, 2], [2, 2.5] and [3, 7] have of three of them.</summary>
    private static string Bins(GraphFile file, string x, string sources)
    {
        string distance = file.Node("Sub", file.Node("Gather", [x, sources], ("axis", 1L)), file.Row(1, 2, 3));
        string share = file.Node("Mul", distance, file.Row(1, 2, 0.25f)), zero = file.Scalar(0);
        string bins = file.Node("Where", [file.Node("Greater", share, zero), file.Node("Min", share, file.Scalar(1)), zero]);
        return file.Node("Concat", [x, bins], ("axis", 1L));
    }

    private static string Affine(GraphFile file, string x) => file.Node("Gemm", [x, file.Constant([3, 3], 1, 0, 0, 0, 1, 0, 0, 0, 1), file.Row(1, 0, 0)]);

    private static MlpModel Load(GraphFile file, string? output = null)
    {
        using var stream = new MemoryStream(file.ToBytes());
        return OnnxModel.Load(stream, output: output);
    }
}
