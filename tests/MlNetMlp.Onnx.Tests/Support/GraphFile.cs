namespace MlNetMlp.Onnx.Tests;

/// <summary>An ONNX file under construction, of whatever operators a test wants; the numbers of the fields are those of onnx.proto.</summary>
internal sealed class GraphFile
{
    public const int Single = 1;
    public const int Int64 = 7;
    public const int Boolean = 9;

    private readonly List<Message> _constants = [];
    private readonly List<Message> _outputs = [];
    private int _names;

    public List<GraphFileNode> Nodes { get; } = [];

    /// <summary>The number of rows is free, also for the checks of a runtime.</summary>
    public long[]? InputShape { get; init; }

    public int OperatorSet { get; init; } = 17;

    public string Unique(string prefix) => $"{prefix}{_names++}";

    public string Constant(long[] shape, params float[] values) => Add(shape, Single, values.SelectMany(BitConverter.GetBytes));

    public string Row(params float[] values) => Constant([values.Length], values);

    public string Scalar(float value) => Constant([], value);

    public string Whole(params long[] values) => Add([values.Length], Int64, values.SelectMany(BitConverter.GetBytes));

    public string Truth(bool value) => Add([], Boolean, [value ? (byte)1 : (byte)0]);

    public void NamedConstant(string name, long[] shape, float[] values) => Add(name, shape, Single, values.SelectMany(BitConverter.GetBytes));

    /// <summary>Appends an operator and returns the name of its result.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new GraphFileNode(op, inputs, Unique(op), attributes);
        Nodes.Add(node);
        return node.Output;
    }

    public string Node(string op, string input, params (string Name, object Value)[] attributes) => Node(op, [input], attributes);

    public string Node(string op, string left, string right) => Node(op, [left, right]);

    public void Output(string name, int type = Single, int rank = 2)
    {
        var shape = new Message();
        for (int i = 0; i < rank; i++)
        {
            shape.Nested(1, new Message().Text(2, $"free{i}"));
        }

        _outputs.Add(new Message().Text(1, name).Nested(2, new Message().Nested(1, new Message().Number(1, type).Nested(2, shape))));
    }

    public byte[] ToBytes()
    {
        var graph = new Message();
        Nodes.ForEach(node => graph.Nested(1, node.ToMessage()));
        graph.Text(2, "graph");
        _constants.ForEach(constant => graph.Nested(5, constant));
        var input = new Message().Text(1, "x");
        var tensor = new Message().Number(1, Single);
        if (InputShape is not null)
        {
            Message shape = new Message().Nested(1, new Message().Text(2, "N"));
            Array.ForEach(InputShape, size => shape.Nested(1, new Message().Number(1, size)));
            tensor.Nested(2, shape);
        }

        graph.Nested(11, input.Nested(2, new Message().Nested(1, tensor)));
        _outputs.ForEach(output => graph.Nested(12, output));
        using var stream = new MemoryStream();
        new Message().Number(1, 8).Nested(7, graph)
            .Nested(8, new Message().Text(1, "").Number(2, OperatorSet))
            .Nested(8, new Message().Text(1, "ai.onnx.ml").Number(2, 1)).WriteTo(stream);
        return stream.ToArray();
    }

    private string Add(long[] shape, int type, IEnumerable<byte> values) => Add(Unique("c"), shape, type, values);

    private string Add(string name, long[] shape, int type, IEnumerable<byte> values)
    {
        var tensor = new Message();
        Array.ForEach(shape, size => tensor.Number(1, size));
        _constants.Add(tensor.Number(2, type).Text(8, name).Bytes(9, values.ToArray()));
        return name;
    }
}
