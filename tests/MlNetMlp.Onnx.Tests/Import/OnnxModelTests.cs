using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Files of PyTorch and of scikit-learn's converter, compared with what those networks give in double precision.</summary>
public sealed class OnnxModelTests
{
    /// <summary>Single precision, for outputs up to some 5 in magnitude.</summary>
    private const double Tolerance = 3e-6;

    [Theory]
    [InlineData("torch_relu", typeof(SquaredError), "relu:8 tanh:6")]
    [InlineData("torch_softmax", typeof(SoftmaxCrossEntropy), "leakyrelu:7 elu:5")]
    [InlineData("torch_functions", typeof(SquaredError), "gelu:8 silu:8 mish:8 selu:8 prelu:8 prelu:8 sigmoid:8")]
    [InlineData("torch_standardized", typeof(SigmoidCrossEntropy), "relu:8")]
    [InlineData("torch_batch_normalization", typeof(SquaredError), "relu:8 relu:6 tanh:2")]
    [InlineData("sklearn_multiclass", typeof(SoftmaxCrossEntropy), "tanh:9 tanh:4")]
    [InlineData("sklearn_binary", typeof(SigmoidCrossEntropy), "relu:9")]
    [InlineData("sklearn_regression", typeof(SquaredError), "sigmoid:9")]
    public void Load_FileOfAnotherProgram_GivesItsOutputs(string name, Type loss, string layers)
    {
        ImportFixture fixture = ImportFixture.Read(name);

        MlpModel model = fixture.Load();

        Assert.IsType(loss, model.Loss);
        Assert.Equal(fixture.Columns, model.FeatureCount);
        Assert.Equal(layers, string.Join(' ', model.Architecture.HiddenLayers.Select(layer => $"{NameOf(layer.Activation)}:{layer.Units}")));
        float[] scores = RandomModels.Scores(model, fixture.Features);
        AssertClose(fixture.Scores, model.Loss is SigmoidCrossEntropy ? [.. scores.Select(MlpModel.Probability)] : scores);
    }

    [Fact]
    public void Load_WithLoss_TakesOutputsAsItsLogits()
    {
        ImportFixture fixture = ImportFixture.Read("torch_relu");

        float[] scores = RandomModels.Scores(fixture.Load(new SoftmaxCrossEntropy { ClassWeights = ClassWeights.Balanced }), fixture.Features);

        AssertClose([.. fixture.Scores.Chunk(3).SelectMany(row => row.Select(z => Math.Exp(z) / row.Sum(Math.Exp)))], scores);
    }

    [Fact]
    public void Load_SigmoidForALossOfValues_StaysAnActivation()
    {
        ImportFixture fixture = ImportFixture.Read("torch_standardized");

        AssertClose(fixture.Scores, RandomModels.Scores(fixture.Load(new SquaredError()), fixture.Features));
    }

    [Fact]
    public void Load_Model_CanBeSavedAndExported()
    {
        ImportFixture fixture = ImportFixture.Read("torch_functions");
        MlpModel model = fixture.Load();
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        Assert.Equal(RandomModels.Scores(model, fixture.Features), RandomModels.Scores(MlpModel.Load(stream), fixture.Features));
        AssertClose(Interpreter.Run(OnnxFile.Of(model), fixture.Features)["Score"].Values, RandomModels.Scores(model, fixture.Features));
        Assert.Throws<InvalidFeatureException>(() => model.Predict([1, 2, float.NaN, 4, 5], new float[2]));
    }

    [Theory]
    [InlineData("Sin", "Sin", "only dense layers")]
    [InlineData("ThresholdedRelu", "ThresholdedRelu", "only dense layers")]
    [InlineData("LeakyRelu", "LeakyRelu", "(0, 1]")]
    [InlineData("Tanh", "Tanh", "no weighted sums in front")]
    [InlineData("MatMul", "MatMul", "constant")]
    [InlineData("Exp", "Concat", "only dense layers")]
    [InlineData("Relu", "Softmax", "only the end")]
    [InlineData("Softmax", "Softmax", "row by row")]
    public void Load_OperatorThatIsNoLayer_IsRefusedByName(string file, string name, string why)
    {
        var exception = Assert.Throws<NotSupportedException>(() => OnnxModel.Load(ImportFixture.PathOf($"refused_{file}.onnx")));

        Assert.Contains($"operator {name} ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LossThatDoesNotFit_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => ImportFixture.Read("torch_relu").Load(new SigmoidCrossEntropy()));
        var exception = Assert.Throws<NotSupportedException>(() => ImportFixture.Read("torch_softmax").Load(new SquaredError()));
        Assert.Contains("ends in a Softmax", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileCutShort_IsRefused()
    {
        byte[] file = ImportFixture.Read("torch_relu").File;
        for (int length = 0; length < file.Length; length += 7)
        {
            using var stream = new MemoryStream(file, 0, length);
            Exception? exception = Record.Exception(() => OnnxModel.Load(stream));

            Assert.True(exception is InvalidDataException, $"{length} bytes: {exception}");
        }
    }

    [Fact]
    public void Load_DamagedBytes_GiveOneOfTheExceptionsAndAllocateLittle()
    {
        byte[] file = ImportFixture.Read("sklearn_multiclass").File;
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. file];
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            using var stream = new MemoryStream(damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Exception? exception = Record.Exception(() => OnnxModel.Load(stream));

            Assert.True(exception is null or InvalidDataException or NotSupportedException, $"{i}: {exception}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20, $"{i}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        }
    }

    [Theory]
    [InlineData(new long[] { 1L << 31, 1L << 31 })]
    [InlineData(new long[] { -3, -2 })]
    [InlineData(new long[] { 3, 3 })]
    public void Load_ShapeThatTheNumbersDoNotFill_IsRefused(long[] shape)
    {
        var exception = Assert.Throws<InvalidDataException>(() => Load(Tensor(shape, [1, 2, 3, 4, 5, 6])));

        Assert.Contains("'W' has 6 numbers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightThatIsNotFinite_IsRefused()
    {
        var exception = Assert.Throws<InvalidDataException>(() => Load(Tensor([3, 2], [1, 2, 3, float.NaN, 5, 6])));

        Assert.Contains("not finite", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NumbersInAnotherFile_AreRefused()
    {
        var exception = Assert.Throws<NotSupportedException>(() => Load(Tensor([3, 2], [1, 2, 3, 4, 5, 6]).Number(14, 1)));

        Assert.Contains("another file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FactorsOfGemmAndMapsAroundIt_AreFolded()
    {
        // 3 (2 (c - x) W + 0.5 b) with c = (1, 2), a W of two rows, and b = 8 for both columns.
        MlpModel model = Load(
            [Tensor("c", [2], [1, 2]), Tensor("W", [2, 2], [1, 2, 3, 4]), Tensor("b", [1], [8]), Tensor("three", [], [3])],
            Node("Sub", ["c", "x"], "a"),
            Node("Gemm", ["a", "W", "b"], "z").Nested(5, new Message().Text(1, "alpha").Real(2, 2)).Nested(5, new Message().Text(1, "beta").Real(2, 0.5f)),
            Node("Mul", ["three", "z"], "y"));

        Assert.Equal([6 * (-2 * 1 + -5 * 3) + 12, 6 * (-2 * 2 + -5 * 4) + 12], RandomModels.Scores(model, [3, 7]));
    }

    [Fact]
    public void Load_ActivationOfVeryManyOutputs_IsRefusedBeforeAnythingIsAllocated()
    {
        Message weights = Tensor("W", [1, 100_000], new float[100_000]);

        var exception = Assert.Throws<NotSupportedException>(() => Load([weights], Node("MatMul", ["x", "W"], "z"), Node("Tanh", ["z"], "y")));

        Assert.Contains("100000 units", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A tensor W of a file that multiplies x by it.</summary>
    private static Message Tensor(long[] shape, float[] values) => Tensor("W", shape, values);

    private static Message Tensor(string name, long[] shape, float[] values)
    {
        var tensor = new Message();
        foreach (long dimension in shape)
        {
            tensor.Number(1, dimension);
        }

        return tensor.Number(2, 1).Text(8, name).Bytes(9, values.SelectMany(BitConverter.GetBytes).ToArray());
    }

    private static Message Node(string op, string[] inputs, string output) =>
        inputs.Aggregate(new Message(), (node, input) => node.Text(1, input)).Text(2, output).Text(4, op);

    private static MlpModel Load(Message tensor) => Load([tensor], Node("MatMul", ["x", "W"], "y"));

    private static MlpModel Load(Message[] tensors, params Message[] nodes)
    {
        var graph = new Message();
        Array.ForEach(nodes, node => graph.Nested(1, node));
        Array.ForEach(tensors, tensor => graph.Nested(5, tensor));
        using var stream = new MemoryStream();
        graph.Nested(11, new Message().Text(1, "x")).Nested(12, new Message().Text(1, "y"));
        new Message().Nested(7, graph).Nested(8, new Message().Number(2, 13)).WriteTo(stream);
        stream.Position = 0;
        return OnnxModel.Load(stream);
    }

    private static string NameOf(Activation activation) => activation.GetType().Name.Replace("Activation", "", StringComparison.Ordinal).ToLowerInvariant();

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Max(Math.Abs));
        double[] differences = [.. expected.Zip(actual, (a, b) => Math.Abs(a - b) / scale)];
        Assert.True(Array.TrueForAll(differences, difference => difference <= Tolerance), $"{differences.Max():g3} of {scale:g3}");
    }
}
