using Google.Protobuf;

namespace MlNetMlp.Onnx;

/// <summary>
/// One message of protocol buffers, to be written. Fields come in the order in which they are added, so the bytes are a function of the
/// calls.
/// </summary>
/// <remarks>A message is preceded by its size, so it keeps count; large fields are not copied before they are written.</remarks>
internal sealed class Message
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>The number of bytes.</summary>
    public int Size { get; private set; }

    public Message Number(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public Message Real(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, CodedOutputStream.ComputeFloatSize(value), output => output.WriteFloat(value));

    public Message Text(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    /// <param name="field">The number of the field.</param>
    /// <param name="value">Not to be changed before it is written.</param>
    public Message Bytes(int field, ReadOnlyMemory<byte> value)
    {
        ByteString bytes = UnsafeByteOperations.UnsafeWrap(value);
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeBytesSize(bytes), output => output.WriteBytes(bytes));
    }

    /// <param name="field">The number of the field.</param>
    /// <param name="value">Complete; not to be added to any more.</param>
    public Message Nested(int field, Message value)
    {
        int size = checked(CodedOutputStream.ComputeLengthSize(value.Size) + value.Size);
        return Add(field, WireFormat.WireType.LengthDelimited, size, output =>
        {
            output.WriteLength(value.Size);
            value.WriteTo(output);
        });
    }

    public void WriteTo(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        WriteTo(output);
    }

    private void WriteTo(CodedOutputStream output) => _fields.ForEach(write => write(output));

    private Message Add(int field, WireFormat.WireType type, int size, Action<CodedOutputStream> write)
    {
        Size = checked(Size + CodedOutputStream.ComputeTagSize(field) + size);
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
