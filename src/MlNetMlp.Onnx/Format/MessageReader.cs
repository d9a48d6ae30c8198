using System.Buffers.Binary;
using System.Text;

namespace MlNetMlp.Onnx;

/// <summary>Steps through the fields of one message of protocol buffers. Bytes are looked at where they lie: none are copied but those of texts.</summary>
/// <remarks>Every method throws <see cref="InvalidDataException"/> where the bytes are not what it reads.</remarks>
internal sealed class MessageReader(ReadOnlyMemory<byte> message)
{
    private const int VariableLength = 0;
    private const int EightBytes = 1;
    private const int LengthDelimited = 2;
    private const int FourBytes = 5;

    private int _position;
    private ulong _tag;
    private bool _isRead = true;

    /// <summary>The number of the field.</summary>
    public int Field => (int)(_tag >> 3);

    private int Kind => (int)(_tag & 7);

    /// <summary>Goes on to the next field; skips the value of this one if nobody has read it.</summary>
    public bool Next()
    {
        if (!_isRead)
        {
            Skip();
        }

        if (_position == message.Length)
        {
            return false;
        }

        _tag = Variable();
        _isRead = false;
        return _tag is >= 8 and <= uint.MaxValue ? true : throw Damaged($"a field has the tag {_tag}");
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Expect(LengthDelimited);
        ulong length = Variable();
        return length <= int.MaxValue ? Take((int)length) : throw Damaged($"a field claims to have {length} bytes");
    }

    public MessageReader Message() => new(Bytes());

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    public long Number()
    {
        Expect(VariableLength);
        return (long)Variable();
    }

    public float Real()
    {
        Expect(FourBytes);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)).Span);
    }

    /// <summary>
    /// Adds whole numbers, which come one by one or packed together; one more than <paramref name="most"/> in the list is the last that it adds.
    /// </summary>
    public void AddNumbers(List<long> values, int most)
    {
        if (Kind != LengthDelimited)
        {
            values.Add(Number());
            return;
        }

        var packed = new MessageReader(Bytes());
        while (packed._position < packed.Length && values.Count <= most)
        {
            values.Add((long)packed.Variable());
        }
    }

    /// <summary>Adds numbers, which come one by one or packed together.</summary>
    public void AddReals(List<float> values)
    {
        if (Kind == LengthDelimited)
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
        if (Kind == LengthDelimited)
        {
            values.AddRange(Doubles(Bytes().Span));
        }
        else
        {
            Expect(EightBytes);
            values.AddRange(Doubles(Take(sizeof(double)).Span));
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

    private int Length => message.Length;

    private static int Count(ReadOnlySpan<byte> bytes, int size) => bytes.Length % size == 0
        ? bytes.Length / size
        : throw new InvalidDataException($"The ONNX file is damaged: {bytes.Length} bytes are no numbers of {size} bytes each.");

    private void Skip()
    {
        switch (Kind)
        {
            case VariableLength:
                Number();
                break;
            case EightBytes:
                Expect(EightBytes);
                Take(sizeof(double));
                break;
            case LengthDelimited:
                Bytes();
                break;
            case FourBytes:
                Real();
                break;
            default:
                throw Damaged($"field {Field} of a message is of kind {Kind}, which ONNX does not use");
        }
    }

    /// <summary>A number of up to ten bytes, seven bits in each, the lowest first.</summary>
    private ulong Variable()
    {
        ReadOnlySpan<byte> bytes = message.Span[_position..];
        ulong value = 0;
        for (int i = 0; i < Math.Min(bytes.Length, 10); i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _position += i + 1;
                return value;
            }
        }

        throw Damaged(bytes.Length < 10 ? "it ends inside a number" : "a number has more than ten bytes");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > message.Length - _position)
        {
            throw Damaged($"a field of {length} bytes reaches beyond the end of what it is in");
        }

        _position += length;
        return message.Slice(_position - length, length);
    }

    private void Expect(int kind)
    {
        _isRead = true;
        if (Kind != kind)
        {
            throw Damaged($"field {Field} of a message is of kind {Kind}, not {kind}");
        }
    }

    private static InvalidDataException Damaged(string why) => new($"The bytes are no ONNX file, or it is damaged: {why}.");
}
