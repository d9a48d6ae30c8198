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

    private static string Affine(GraphFile file, string x) => file.Node("Gemm", [x, file.Constant([3, 3], 1, 0, 0, 0, 1, 0, 0, 0, 1), file.Row(1, 0, 0)]);

    private static MlpModel Load(GraphFile file, string? output = null)
    {
        using var stream = new MemoryStream(file.ToBytes());
        return OnnxModel.Load(stream, output: output);
    }
}
