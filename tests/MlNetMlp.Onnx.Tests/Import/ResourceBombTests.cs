using System.Diagnostics;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Small files that ask for much, and large ones of very many tiny things: refused before anything of it is done.</summary>
public sealed class ResourceBombTests
{
    /// <summary>Of everything that is allocated on the way, whether it stays or not.</summary>
    private const long MostBytes = 300_000_000;

    private const int Million = 1_000_000;

    /// <summary>What the faults took were minutes; this is only not to hang.</summary>
    private static readonly TimeSpan _mostTime = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, Func<byte[]>> _files = new()
    {
        ["empty nodes"] = () => Filled(1, 3 * Million),
        ["empty initializers"] = () => Filled(5, 3 * Million),
        ["empty inputs"] = () => Filled(11, 3 * Million),
        ["empty outputs"] = () => Filled(12, 3 * Million),
        ["empty metadata"] = () => Bytes(new Message().Bytes(14, Array.Empty<byte>()), 3 * Million),
        ["empty versions"] = () => Bytes(new Message().Bytes(8, Array.Empty<byte>()), 3 * Million),
        ["operands"] = () => OfNode(Bytes(new Message().Bytes(1, Array.Empty<byte>()), 3 * Million)),
        ["results"] = () => OfNode(Bytes(new Message().Bytes(2, Array.Empty<byte>()), 3 * Million)),
        ["attributes"] = () => OfNode(Bytes(new Message().Bytes(5, Array.Empty<byte>()), 3 * Million)),
        ["attributes below the limit"] = () => OfNode(Bytes(new Message().Bytes(5, Array.Empty<byte>()), Million)),
        ["dimensions"] = () => OfInitializer(Bytes(new Message().Number(1, 1), 3 * Million)),
        ["packed dimensions"] = () => OfInitializer(Bytes(new Message().Bytes(1, Enumerable.Repeat((byte)1, 3 * Million).ToArray()), 1)),
        ["a claimed length"] = () => [0x3a, 0xff, 0xff, 0xff, 0xff, 0x07],
        ["layers that share one matrix"] = () => Chain(400, (file, x, weights, _) => file.Node("MatMul", x, weights)),
        ["layers of one unit"] = () => Chain(25_000, (file, x, _, number) => file.Node("MatMul", x, number), size: 1),
        ["hidden layers of one unit"] = () => Chain(10_100, (file, x, _, number) => file.Node("MatMul", x, number), size: 1),
        ["means of one network"] = () => Ensemble(20_000, 1),
        ["means of one deep network"] = () => Ensemble(9_000, 100),
        ["means of means"] = () => Ensemble(5_000, 4_000),
        ["scalings that share one row"] = () => Chain(100_000, (file, x, _, _) => file.Node("Mul", x, "row"), size: Million / 10, hasRow: true),
        ["scalings behind a layer"] = () => Wide((file, x) => Repeat(100_000, x, y => file.Node("Mul", y, "two"))),
        ["scalings behind an activation"] = () => Wide((file, x) => Repeat(100_000, file.Node("Relu", x), y => file.Node("Mul", y, "two"))),
        ["normalized layers of a million units"] = () => Wide((file, x) => Repeat(1_000, x, y => file.Node("LayerNormalization", [y, "one", "one"]))),
        ["an activation of a million units"] = () => Wide((file, x) => file.Node("Relu", x)),
        ["features replaced again and again"] = () =>
            Chain(50_000, (file, x, _, _) => file.Node("Where", [file.Node("IsNaN", x), "row", x]), size: Million / 10, hasRow: true),
        ["encodings that share one list"] = () => Encodings(behindEachOther: true),
        ["encodings of networks that share one list"] = () => Encodings(behindEachOther: false),
        ["a circle"] = Circle,
        ["a circle of nothing"] = CircleOfNothing,
        ["sums of sums"] = () => Chain(100_000, (file, x, _, _) => file.Node("Add", x, x), size: 2),
        ["residual connections that never meet"] = () => Chain(60_000, (file, x, _, _) => file.Node("Add", file.Node("Relu", x), "x"), size: 2),
        ["residual connections behind nothing"] = ResidualsBehindNothing,
    };

    public static TheoryData<string> Names => [.. _files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_FileThatAsksForMuch_IsRefusedBeforeItTakesMuch(string name)
    {
        byte[] file = _files[name]();
        using var stream = new MemoryStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();

        Exception? exception = Record.Exception(() => OnnxModel.Load(stream));

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(exception is InvalidDataException or NotSupportedException, $"{exception}");
        Assert.True(bytes < MostBytes, $"{bytes} bytes, {exception.Message}");
        Assert.True(time < _mostTime, $"{time}, {exception.Message}");
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("Dropout")]
    public void Load_VeryManyOperatorsThatDoNothing_AreGoneThroughOnce(string op)
    {
        var file = new GraphFile { InputShape = [2] };
        string x = Repeat(120_000, "x", value => file.Node(op, value));
        file.Output(file.Node("MatMul", x, file.Constant([2, 1], 3, 4)));
        using var stream = new MemoryStream(file.ToBytes());
        long before = GC.GetAllocatedBytesForCurrentThread();

        MlpModel model = OnnxModel.Load(stream);

        Assert.Equal([11f], RandomModels.Scores(model, [1, 2]));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    [Fact]
    public void Load_DeepNetwork_IsRead()
    {
        using var stream = new MemoryStream(Chain(3_000, (file, x, _, number) => file.Node("MatMul", x, number), size: 1));

        Assert.Equal(3_000, OnnxModel.Load(stream).Architecture.HiddenLayers.Count);
    }

    private static string Repeat(int times, string value, Func<string, string> next)
    {
        for (int i = 0; i < times; i++)
        {
            value = next(value);
        }

        return value;
    }

    /// <summary>A graph with so many empty messages in a field.</summary>
    private static byte[] Filled(int field, int count) => InGraph(Bytes(new Message().Bytes(field, Array.Empty<byte>()), count));

    private static byte[] OfNode(byte[] node) => InGraph(Bytes(new Message().Bytes(1, node), 1));

    private static byte[] OfInitializer(byte[] tensor) => InGraph(Bytes(new Message().Bytes(5, tensor), 1));

    private static byte[] InGraph(byte[] graph) => Bytes(new Message().Bytes(7, graph).Nested(8, new Message().Number(2, 17)), 1);

    private static byte[] Bytes(Message message, int count)
    {
        using var one = new MemoryStream();
        message.WriteTo(one);
        byte[] bytes = one.ToArray(), all = new byte[bytes.Length * count];
        for (int i = 0; i < count; i++)
        {
            bytes.CopyTo(all, i * bytes.Length);
        }

        return all;
    }

    /// <summary>So many operators one behind the other, and a layer behind them.</summary>
    private static byte[] Chain(int count, Func<GraphFile, string, string, string, string> next, int size = 500, bool hasRow = false)
    {
        var file = new GraphFile { InputShape = [size] };
        string weights = size <= 500 ? file.Constant([size, size], new float[size * size]) : "", number = file.Constant([1, 1], 1);
        if (hasRow)
        {
            file.NamedConstant("row", [size], new float[size]);
        }

        string value = Repeat(count, "x", x => next(file, x, weights, number));
        file.Output(file.Node("MatMul", value, file.Constant([size, 1], new float[size])));
        return file.ToBytes();
    }

    /// <summary>A layer of a million units, something behind it, and one output.</summary>
    private static byte[] Wide(Func<GraphFile, string, string> behind)
    {
        var file = new GraphFile { InputShape = [1] };
        file.NamedConstant("two", [1], [2]);
        file.NamedConstant("one", [], [1]);
        string weights = file.Constant([1, Million], new float[Million]), outputs = file.Constant([Million, 1], new float[Million]);
        string x = Repeat(3, "x", value => file.Node("MatMul", behind(file, file.Node("MatMul", value, weights)), outputs));
        file.Output(x);
        return file.ToBytes();
    }

    private static byte[] Ensemble(int members, int layers)
    {
        var file = new GraphFile { InputShape = [1] };
        string number = file.Constant([1, 1], 1), x = Repeat(layers, "x", value => file.Node("MatMul", value, number));
        file.Output(file.Node("Mean", [.. Enumerable.Repeat(x, members)]));
        return file.ToBytes();
    }

    /// <summary>Clipped features and which of a million are missing, so that nothing else has to be as long.</summary>
    private static byte[] Encodings(bool behindEachOther)
    {
        var file = new GraphFile { InputShape = [1] };
        string list = file.Whole(new long[Million]), zero = file.Scalar(0), weights = file.Constant([1, 1], 1);
        string Encoded(string x) => file.Node(
            "Concat",
            [
                file.Node("Where", [file.Node("IsNaN", x), zero, x]),
                file.Node("Cast", [file.Node("IsNaN", file.Node("Gather", [x, list], ("axis", 1L)))], ("to", 1L)),
            ],
            ("axis", 1L));
        file.Output(behindEachOther
            ? file.Node("MatMul", Repeat(10_000, "x", Encoded), weights)
            : file.Node("Mean", [.. Enumerable.Range(0, 5_000).Select(_ => file.Node("MatMul", Encoded("x"), weights))]));
        return file.ToBytes();
    }

    private static byte[] Circle()
    {
        var file = new GraphFile { InputShape = [1] };
        string first = file.Node("Relu", "Tanh1"), second = file.Node("Tanh", first);
        Assert.Equal("Tanh1", second);
        file.Output(second);
        return file.ToBytes();
    }

    private static byte[] CircleOfNothing()
    {
        var file = new GraphFile { InputShape = [1] };
        string same = file.Node("Identity", "Identity0");
        Assert.Equal("Identity0", same);
        file.Output(same);
        return file.ToBytes();
    }

    /// <summary>Each of many connections begins behind the same long chain.</summary>
    private static byte[] ResidualsBehindNothing()
    {
        var file = new GraphFile { InputShape = [1] };
        string number = file.Constant([1, 1], 1), x = Repeat(100_000, "x", value => file.Node("Identity", value));
        file.Output(Repeat(9_000, x, value => file.Node("Add", file.Node("MatMul", value, number), x)));
        return file.ToBytes();
    }
}
