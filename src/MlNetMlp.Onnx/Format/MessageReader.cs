using System.Buffers.Binary;
using Google.Protobuf;

namespace MlNetMlp.Onnx;

/// <summary>Steps through the fields of one message. Nothing is allocated that the bytes at hand do not fill, whatever sizes they claim.</summary>
/// <remarks>
/// Every method throws <see cref="InvalidDataException"/> or <see cref="InvalidProtocolBufferException"/> where the bytes are not what it
/// reads.
/// </remarks>
internal sealed class MessageReader(ByteString message)
{
    private readonly CodedInputStream _input = message.CreateCodedInput();
    private uint _tag;
    private bool _isRead = true;

    /// <summary>The number of the field.</summary>
    public int Field => WireFormat.GetTagFieldNumber(_tag);

    private WireFormat.WireType Kind => WireFormat.GetTagWireType(_tag);

    /// <summary>Goes on to the next field; skips the value of this one if nobody has read it.</summary>
    public bool Next()
    {
        if (!_isRead)
        {
            _input.SkipLastField();
        }

        _tag = _input.ReadTag();
        _isRead = false;
        return _tag != 0;
    }

    public ByteString Bytes()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        return _input.ReadBytes();
    }

    public MessageReader Message() => new(Bytes());

    public string Text() => Bytes().ToStringUtf8();

    public long Number()
    {
        Expect(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    public float Real()
    {
        Expect(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    /// <summary>Adds whole numbers, which come one by one or packed together.</summary>
    public void AddNumbers(List<long> values)
    {
        if (Kind != WireFormat.WireType.LengthDelimited)
        {
            values.Add(Number());
            return;
        }

        CodedInputStream packed = Bytes().CreateCodedInput();
        while (!packed.IsAtEnd)
        {
            values.Add(packed.ReadInt64());
        }
    }

    /// <summary>Adds numbers, which come one by one or packed together.</summary>
    public void AddReals(List<float> values)
    {
        if (Kind == WireFormat.WireType.LengthDelimited)
        {
            values.AddRange(Reals(Bytes().Span));
        }
        else
        {
            values.Add(Real());
        }
    }

    /// <summary>Adds numbers of twice the size, rounded.</summary>
    public void AddDoubles(List<float> values)
    {
        if (Kind == WireFormat.WireType.LengthDelimited)
        {
            values.AddRange(Doubles(Bytes().Span));
        }
        else
        {
            Expect(WireFormat.WireType.Fixed64);
            values.Add((float)_input.ReadDouble());
        }
    }

    public static float[] Reals(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[Count(bytes, sizeof(float))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return values;
    }

    public static float[] Doubles(ReadOnlySpan<byte> bytes)
    {
        float[] values = new float[Count(bytes, sizeof(double))];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
        }

        return values;
    }

    private static int Count(ReadOnlySpan<byte> bytes, int size) => bytes.Length % size == 0
        ? bytes.Length / size
        : throw new InvalidDataException($"The ONNX file is damaged: {bytes.Length} bytes are no numbers of {size} bytes each.");

    private void Expect(WireFormat.WireType kind)
    {
        _isRead = true;
        if (Kind != kind)
        {
            throw new InvalidDataException($"The bytes are no ONNX file, or it is damaged: field {Field} of a message is {Kind}, not {kind}.");
        }
    }
}
