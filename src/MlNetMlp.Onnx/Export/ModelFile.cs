using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx;

/// <summary>Makes an ONNX file of a graph.</summary>
internal static class ModelFile
{
    /// <summary>The version of the file format that came with version 9 of the operators, in ONNX 1.4: constants need not be inputs as well.</summary>
    private const int IrVersion = 4;

    private const int RealAttribute = 1;
    private const int IntegerAttribute = 2;
    private const int IntegersAttribute = 7;

    /// <summary>Messages of protocol buffers end at 2 GiB; this leaves some for everything else.</summary>
    private const long MaximumConstants = int.MaxValue - (1L << 26);

    /// <exception cref="NotSupportedException">The file would be larger than the format allows.</exception>
    public static Message Of(Graph graph, int features, Loss loss, IReadOnlyList<string> outputNames)
    {
        long size = graph.Reals.Sum(constant => (long)constant.Values.Length * sizeof(float));
        if (size > MaximumConstants)
        {
            throw new NotSupportedException($"The parameters take {size} bytes; an ONNX file ends at 2 GiB.");
        }

        Message model = new Message()
            .Number(Fields.Model.IrVersion, IrVersion)
            .Text(Fields.Model.ProducerName, "MlNetMlp")
            .Text(Fields.Model.ProducerVersion, typeof(ModelFile).Assembly.GetName().Version!.ToString(3))
            .Number(Fields.Model.ModelVersion, 1)
            .Text(Fields.Model.DocString, "A multilayer perceptron. A row with a feature that the model refuses, such as an infinite one, gets the score NaN.")
            .Nested(Fields.Model.Graph, GraphOf(graph, features, outputNames))
            .Nested(Fields.Model.OpsetImport, new Message()
                .Text(Fields.OperatorSet.Domain, "")
                .Number(Fields.OperatorSet.Version, Graph.OperatorSetVersion));
        model.Nested(Fields.Model.MetadataProps, Entry(OnnxExport.LossKey, loss.GetType().Name));
        if (outputNames.Count > 0)
        {
            model.Nested(Fields.Model.MetadataProps, Entry(OnnxExport.OutputNamesKey, JsonSerializer.Serialize(outputNames)));
        }

        return model;
    }

    private static Message Entry(string key, string value) =>
        new Message().Text(Fields.StringEntry.Key, key).Text(Fields.StringEntry.Value, value);

    private static Message GraphOf(Graph graph, int features, IReadOnlyList<string> outputNames)
    {
        var message = new Message();
        foreach (GraphNode node in graph.Nodes)
        {
            message.Nested(Fields.Graph.Node, NodeOf(node));
        }

        message.Text(Fields.Graph.Name, "MultilayerPerceptron");
        foreach (GraphConstant<float> constant in graph.Reals)
        {
            message.Nested(Fields.Graph.Initializer, ConstantOf(constant, ElementType.Single, RealsOf(constant.Values)));
        }

        foreach (GraphConstant<long> constant in graph.Integers)
        {
            message.Nested(Fields.Graph.Initializer, ConstantOf(constant, ElementType.Int64, IntegersOf(constant.Values)));
        }

        message.Nested(Fields.Graph.Input, ValueOf(Graph.Input, ElementType.Single, features, "The features, one row for each example."));
        foreach (GraphOutput output in graph.Outputs)
        {
            string names = outputNames.Count > 0 && output.Name != ModelGraph.Probability ? $" In order: {string.Join(", ", outputNames)}." : "";
            message.Nested(Fields.Graph.Output, ValueOf(output.Name, output.Type, output.Columns, output.Description + names));
        }

        return message;
    }

    private static Message NodeOf(GraphNode node)
    {
        var message = new Message();
        foreach (string input in node.Inputs)
        {
            message.Text(Fields.Node.Input, input);
        }

        message.Text(Fields.Node.Output, node.Output).Text(Fields.Node.Name, node.Output).Text(Fields.Node.OpType, node.Operator);
        foreach (GraphAttribute attribute in node.Attributes)
        {
            message.Nested(Fields.Node.Attribute, AttributeOf(attribute));
        }

        return message;
    }

    private static Message AttributeOf(GraphAttribute attribute)
    {
        Message message = new Message().Text(Fields.Attribute.Name, attribute.Name);
        switch (attribute)
        {
            case GraphAttribute.Real real:
                return message.Real(Fields.Attribute.Real, real.Value).Number(Fields.Attribute.Type, RealAttribute);
            case GraphAttribute.Integer integer:
                return message.Number(Fields.Attribute.Integer, integer.Value).Number(Fields.Attribute.Type, IntegerAttribute);
            case GraphAttribute.Integers integers:
                foreach (long value in integers.Values)
                {
                    message.Number(Fields.Attribute.Integers, value);
                }

                return message.Number(Fields.Attribute.Type, IntegersAttribute);
            default:
                throw new NotSupportedException($"{attribute.GetType().Name} is no kind of setting.");
        }
    }

    private static Message ConstantOf<T>(GraphConstant<T> constant, ElementType type, byte[] values)
    {
        var message = new Message();
        foreach (long dimension in constant.Shape)
        {
            message.Number(Fields.Tensor.Dims, dimension);
        }

        return message.Number(Fields.Tensor.DataType, (long)type).Text(Fields.Tensor.Name, constant.Name).Bytes(Fields.Tensor.RawData, values);
    }

    /// <summary>Raw data of tensors is little-endian on every machine.</summary>
    private static byte[] RealsOf(float[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        Span<int> bits = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        MemoryMarshal.Cast<float, int>(values.AsSpan()).CopyTo(bits);
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        return bytes;
    }

    private static byte[] IntegersOf(long[] values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return bytes;
    }

    private static Message ValueOf(string name, ElementType type, int columns, string description)
    {
        Message rows = new Message().Text(Fields.Type.DimensionParameter, "N");
        Message column = new Message().Number(Fields.Type.DimensionValue, columns);
        Message shape = new Message().Nested(Fields.Type.Dimension, rows).Nested(Fields.Type.Dimension, column);
        Message tensor = new Message().Number(Fields.Type.ElementType, (long)type).Nested(Fields.Type.Shape, shape);
        return new Message()
            .Text(Fields.ValueInfo.Name, name)
            .Nested(Fields.ValueInfo.Type, new Message().Nested(Fields.Type.TensorType, tensor))
            .Text(Fields.ValueInfo.DocString, description);
    }
}
