using Google.Protobuf;
using MlNetMlp.Interop;

namespace MlNetMlp.TestSupport;

/// <summary>What is in an ONNX file, read with the numbers of fields as onnx.proto gives them and nothing of the product.</summary>
internal sealed class OnnxFile
{
    private const int StringField = 2;

    private OnnxFile(byte[] file)
    {
        foreach ((int field, object value) in FieldsOf(file))
        {
            switch (field)
            {
                case 1: IrVersion = (long)value; break;
                case 2: Producer = Text(value); break;
                case 7: ReadGraph((byte[])value); break;
                case 8: OperatorSet = FieldsOf((byte[])value).Where(entry => entry.Field == 2).Select(entry => (long)entry.Value).Single(); break;
                case 14:
                    (int Field, object Value)[] entry = [.. FieldsOf((byte[])value)];
                    Metadata.Add(Text(entry.Single(part => part.Field == 1).Value), Text(entry.Single(part => part.Field == 2).Value));
                    break;
            }
        }
    }

    public long IrVersion { get; }

    public string? Producer { get; }

    public long OperatorSet { get; }

    public Dictionary<string, string> Metadata { get; } = [];

    public List<OnnxOperator> Operators { get; } = [];

    public Dictionary<string, Tensor> Constants { get; } = [];

    /// <summary>Name, element type, second dimension, description.</summary>
    public List<(string Name, long Type, string Rows, long Columns, string Description)> Inputs { get; } = [];

    public List<(string Name, long Type, string Rows, long Columns, string Description)> Outputs { get; } = [];

    public static OnnxFile Read(byte[] file) => new(file);

    public static OnnxFile Of(MlpModel model, IReadOnlyList<string>? names = null)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream, names);
        return Read(stream.ToArray());
    }

    private void ReadGraph(byte[] graph)
    {
        foreach ((int field, object value) in FieldsOf(graph))
        {
            switch (field)
            {
                // Operators for machine learning, of a domain of their own, only carry names in the files that are read here.
                case 1 when !FieldsOf((byte[])value).Any(entry => entry is (7, byte[] { Length: > 0 })): Operators.Add(ReadOperator((byte[])value)); break;
                case 5 when FieldsOf((byte[])value).Any(entry => entry.Field is 4 or 7 or 9): ReadConstant((byte[])value); break;
                case 11: Inputs.Add(ReadValue((byte[])value)); break;
                case 12: Outputs.Add(ReadValue((byte[])value)); break;
            }
        }
    }

    private static OnnxOperator ReadOperator(byte[] node)
    {
        (int Field, object Value)[] fields = [.. FieldsOf(node)];
        var attributes = new Dictionary<string, double[]>();
        foreach ((int _, object value) in fields.Where(entry => entry.Field == 5))
        {
            (int Field, object Value)[] attribute = [.. FieldsOf((byte[])value)];
            long type = (long)attribute.Single(entry => entry.Field == 20).Value;
            int kind = type switch { 1 => 2, 2 => 3, 7 => 8, _ => throw new NotSupportedException($"attribute type {type}") };
            attributes.Add(
                Text(attribute.Single(entry => entry.Field == 1).Value),
                [.. attribute.Where(entry => entry.Field == kind)
                    .SelectMany(entry => entry.Value is byte[] packed ? Numbers(packed).Select(value => (double)value)
                        : [Convert.ToDouble(entry.Value, null)])]);
        }

        string[] Texts(int field) => [.. fields.Where(entry => entry.Field == field).Select(entry => Text(entry.Value))];
        return new(Texts(4).Single(), Texts(1), Texts(2).Single(), attributes);
    }

    private void ReadConstant(byte[] tensor)
    {
        (int Field, object Value)[] fields = [.. FieldsOf(tensor)];
        int[] shape = [.. fields.Where(entry => entry.Field == 1).SelectMany(entry => entry.Value is long size ? [size]
            : Numbers((byte[])entry.Value)).Select(size => (int)size)];
        bool isReal = (long)fields.Single(entry => entry.Field == 2).Value == 1;

        // Raw bytes, or packed numbers.
        byte[] raw = (byte[])fields.Single(entry => entry.Field is 4 or 7 or 9).Value;
        double[] values = isReal
            ? [.. raw.Chunk(4).Select(bytes => (double)BitConverter.ToSingle(bytes))]
            : fields.Any(entry => entry.Field == 7)
                ? [.. Numbers(raw).Select(value => (double)value)]
                : [.. raw.Chunk(8).Select(bytes => (double)BitConverter.ToInt64(bytes))];
        Constants.Add(Text(fields.Single(entry => entry.Field == 8).Value), new Tensor(shape, values));
    }

    private static (string, long, string, long, string) ReadValue(byte[] info)
    {
        byte[] Only(byte[] message, int field) => (byte[])FieldsOf(message).Single(entry => entry.Field == field).Value;
        byte[] tensor = Only(Only(info, 2), 1);
        byte[][] dimensions = [.. FieldsOf(Only(tensor, 2)).Select(entry => (byte[])entry.Value)];
        return (
            Text(Only(info, 1)), (long)FieldsOf(tensor).Single(entry => entry.Field == 1).Value,
            FieldsOf(dimensions[0]).Any(entry => entry.Field == 2) ? Text(Only(dimensions[0], 2)) : "",
            (long)FieldsOf(dimensions[1]).Single(entry => entry.Field == 1).Value,
            FieldsOf(info).Any(entry => entry.Field == 3) ? Text(Only(info, 3)) : "");
    }

    private static IEnumerable<long> Numbers(byte[] packed)
    {
        var input = new CodedInputStream(packed);
        while (!input.IsAtEnd)
        {
            yield return input.ReadInt64();
        }
    }

    private static string Text(object value) => System.Text.Encoding.UTF8.GetString((byte[])value);

    private static IEnumerable<(int Field, object Value)> FieldsOf(byte[] message)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is uint tag and not 0)
        {
            yield return ((int)(tag >> 3), (tag & 7) switch
            {
                0 => input.ReadInt64(),
                StringField => input.ReadBytes().ToByteArray(),
                5 => input.ReadFloat(),
                _ => throw new NotSupportedException($"wire type {tag & 7}"),
            });
        }
    }
}
