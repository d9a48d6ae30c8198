using Google.Protobuf;

namespace MlNetMlp.Onnx;

/// <summary>Reads the messages of an ONNX file as far as dense networks need them.</summary>
internal static class FileReader
{
    /// <exception cref="InvalidDataException">The bytes are not an ONNX file, end too early, or contradict themselves.</exception>
    /// <exception cref="NotSupportedException">The graph has not exactly one input, or its constants are in another file.</exception>
    public static ImportedGraph Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            MessageReader model = new(UnsafeByteOperations.UnsafeWrap(file));
            MessageReader? graph = null;
            while (model.Next())
            {
                graph = model.Field == Fields.Model.Graph ? model.Message() : graph;
            }

            return ReadGraph(graph ?? throw new InvalidDataException("The bytes are no ONNX file: they have no graph."));
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("The bytes are no ONNX file, or it is damaged: " + exception.Message, exception);
        }
    }

    private static ImportedGraph ReadGraph(MessageReader graph)
    {
        List<ImportedNode> nodes = [];
        List<string> inputs = [];
        Dictionary<string, ImportedTensor> constants = new(StringComparer.Ordinal);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case Fields.Graph.Node:
                    nodes.Add(ReadNode(graph.Message()));
                    break;
                case Fields.Graph.Initializer:
                    (string name, ImportedTensor constant) = ReadTensor(graph.Message());
                    constants[name] = constant;
                    break;
                case Fields.Graph.Input:
                    inputs.Add(ReadName(graph.Message()));
                    break;
            }
        }

        // Early files list constants among the inputs, too.
        inputs.RemoveAll(constants.ContainsKey);
        return inputs.Count == 1
            ? new(inputs[0], nodes, constants)
            : throw new NotSupportedException($"The ONNX file has {inputs.Count} inputs; a dense network has 1, a matrix with a row for each example.");
    }

    private static ImportedNode ReadNode(MessageReader node)
    {
        List<string> inputs = [], outputs = [];
        string op = "", domain = "";
        Dictionary<string, ImportedAttribute> attributes = new(StringComparer.Ordinal);
        while (node.Next())
        {
            switch (node.Field)
            {
                case Fields.Node.Input:
                    inputs.Add(node.Text());
                    break;
                case Fields.Node.Output:
                    outputs.Add(node.Text());
                    break;
                case Fields.Node.OpType:
                    op = node.Text();
                    break;
                case Fields.Node.Domain:
                    domain = node.Text();
                    break;
                case Fields.Node.Attribute:
                    (string name, ImportedAttribute attribute) = ReadAttribute(node.Message());
                    attributes[name] = attribute;
                    break;
            }
        }

        return new(op, domain, inputs, outputs, attributes);
    }

    private static (string Name, ImportedAttribute Attribute) ReadAttribute(MessageReader attribute)
    {
        string name = "", text = "";
        float real = 0;
        long integer = 0;
        List<float> reals = [];
        ImportedTensor? tensor = null;
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case Fields.Attribute.Name:
                    name = attribute.Text();
                    break;
                case Fields.Attribute.Real:
                    real = attribute.Real();
                    break;
                case Fields.Attribute.Integer:
                    integer = attribute.Number();
                    break;
                case Fields.Attribute.Text:
                    text = attribute.Text();
                    break;
                case Fields.Attribute.Tensor:
                    tensor = ReadTensor(attribute.Message()).Tensor;
                    break;
                case Fields.Attribute.Reals:
                    attribute.AddReals(reals);
                    break;
            }
        }

        return (name, new(real, integer, text, [.. reals], tensor));
    }

    private static (string Name, ImportedTensor Tensor) ReadTensor(MessageReader tensor)
    {
        string name = "";
        long type = 0, place = 0;
        List<long> shape = [];
        List<float> values = [];
        ByteString? raw = null;
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case Fields.Tensor.Dims:
                    tensor.AddNumbers(shape);
                    break;
                case Fields.Tensor.DataType:
                    type = tensor.Number();
                    break;
                case Fields.Tensor.FloatData:
                    tensor.AddReals(values);
                    break;
                case Fields.Tensor.DoubleData:
                    tensor.AddDoubles(values);
                    break;
                case Fields.Tensor.Name:
                    name = tensor.Text();
                    break;
                case Fields.Tensor.RawData:
                    raw = tensor.Bytes();
                    break;
                case Fields.Tensor.DataLocation:
                    place = tensor.Number();
                    break;
            }
        }

        if (place != 0)
        {
            throw new NotSupportedException($"The numbers of '{name}' are in another file; save the ONNX model as a single one.");
        }

        return (name, new(name, shape, (ElementType)type switch
        {
            ElementType.Single => Checked(name, shape, raw is null ? [.. values] : MessageReader.Reals(raw.Span)),
            ElementType.Double => Checked(name, shape, raw is null ? [.. values] : MessageReader.Doubles(raw.Span)),
            _ => null,
        }));
    }

    private static float[] Checked(string name, List<long> shape, float[] values)
    {
        // Stops to multiply before anything can overflow.
        long size = shape.Aggregate(1L, (product, dimension) => dimension is >= 0 and <= int.MaxValue && product <= int.MaxValue
            ? product * dimension : long.MaxValue);
        if (size != values.Length)
        {
            throw new InvalidDataException($"The ONNX file is damaged: '{name}' has {values.Length} numbers, but the shape [{string.Join(", ", shape)}].");
        }

        return Array.TrueForAll(values, float.IsFinite)
            ? values
            : throw new InvalidDataException($"The ONNX file is damaged: '{name}' has a number that is not finite.");
    }

    private static string ReadName(MessageReader value)
    {
        string name = "";
        while (value.Next())
        {
            name = value.Field == Fields.ValueInfo.Name ? value.Text() : name;
        }

        return name;
    }
}
