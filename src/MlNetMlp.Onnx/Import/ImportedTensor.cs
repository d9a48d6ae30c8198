using System.Buffers.Binary;

namespace MlNetMlp.Onnx;

/// <summary>A constant of a file. Its numbers stay in the file until they are asked for.</summary>
internal sealed class ImportedTensor
{
    private const int MostDimensions = 16;

    /// <summary>Longer lists of whole numbers are no shapes and no axes.</summary>
    private const int MostIntegers = 64;

    private readonly ReadOnlyMemory<byte> _message;
    private readonly List<long> _shape = [];
    private readonly ElementType _type;
    private readonly long _place;
    private float[]? _reals;
    private List<long>? _integers;
    private bool _hasIntegers;

    /// <param name="message">The constant as it is in the file.</param>
    public ImportedTensor(ReadOnlyMemory<byte> message)
    {
        _message = message;
        var reader = new MessageReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Tensor.Dims:
                    reader.AddNumbers(_shape, MostDimensions);
                    Expect(_shape.Count <= MostDimensions, $"a constant has more than {MostDimensions} dimensions");
                    break;
                case Fields.Tensor.DataType:
                    _type = (ElementType)reader.Number();
                    break;
                case Fields.Tensor.Name:
                    Name = reader.Text();
                    break;
                case Fields.Tensor.DataLocation:
                    _place = reader.Number();
                    break;
            }
        }
    }

    /// <summary>A list of numbers, or one number without any dimension.</summary>
    public ImportedTensor(float[] values, bool isScalar)
    {
        _type = ElementType.Single;
        _reals = values;
        _shape = isScalar ? [] : [values.Length];
    }

    public string Name { get; } = "";

    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Whether NaN is among the numbers, once they were asked for.</summary>
    public bool HasMissing { get; private set; }

    /// <summary>The numbers, row after row; null if they are of a kind that no weights have.</summary>
    /// <param name="mayBeMissing">Whether NaN is allowed.</param>
    /// <exception cref="InvalidDataException">They are not as many as the shape says, or one is not finite.</exception>
    /// <exception cref="NotSupportedException">They are in another file.</exception>
    public float[]? Reals(bool mayBeMissing = false)
    {
        if (_reals is null && _type is ElementType.Single or ElementType.Double)
        {
            RefuseOtherFile();
            _reals = ReadReals();
            Expect(HasSize(_reals.Length), $"'{Name}' has {_reals.Length} numbers, but the shape [{string.Join(", ", _shape)}]");
            Expect(!Array.Exists(_reals, float.IsInfinity), $"'{Name}' has a number that is not finite");
            HasMissing = Array.Exists(_reals, float.IsNaN);
        }

        Expect(!HasMissing || mayBeMissing, $"'{Name}' has a number that is not finite");
        return _reals;
    }

    /// <summary>A short list of whole numbers, such as axes, or of truth values; null if it is something else.</summary>
    /// <exception cref="NotSupportedException">They are in another file.</exception>
    public IReadOnlyList<long>? Integers()
    {
        if (!_hasIntegers)
        {
            _hasIntegers = true;
            _integers = Integers(MostIntegers);
        }

        return _integers;
    }

    /// <summary>A list of at most so many whole numbers, or of truth values; null if it is something else.</summary>
    /// <exception cref="NotSupportedException">They are in another file.</exception>
    public List<long>? Integers(int most)
    {
        int size = _type switch
        {
            ElementType.Int64 => sizeof(long),
            ElementType.Int32 => sizeof(int),
            ElementType.Boolean => sizeof(bool),
            _ => 0,
        };
        if (size == 0)
        {
            return null;
        }

        RefuseOtherFile();
        List<long> values = [];
        var reader = new MessageReader(_message);
        while (reader.Next() && values.Count <= most)
        {
            switch (reader.Field)
            {
                case Fields.Tensor.Int32Data or Fields.Tensor.Int64Data:
                    reader.AddNumbers(values, most);
                    break;
                case Fields.Tensor.RawData:
                    ReadOnlyMemory<byte> raw = reader.Bytes();
                    Expect(raw.Length % size == 0, $"'{Name}' has {raw.Length} bytes of numbers of {size} bytes");
                    values.EnsureCapacity(Math.Min(most + 1, raw.Length / size));
                    for (int i = 0; i < raw.Length && values.Count <= most; i += size)
                    {
                        values.Add(WholeNumber(raw.Span[i..], size));
                    }

                    break;
            }
        }

        return HasSize(values.Count) ? values : null;
    }

    private static long WholeNumber(ReadOnlySpan<byte> bytes, int size) => size switch
    {
        sizeof(long) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => bytes[0],
    };

    private float[] ReadReals()
    {
        List<float> values = [];
        var reader = new MessageReader(_message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Tensor.RawData:
                    ReadOnlySpan<byte> raw = reader.Bytes().Span;
                    return _type == ElementType.Single ? MessageReader.Reals(raw) : MessageReader.Doubles(raw);
                case Fields.Tensor.FloatData when _type == ElementType.Single:
                    reader.AddReals(values);
                    break;
                case Fields.Tensor.DoubleData when _type == ElementType.Double:
                    reader.AddDoubles(values);
                    break;
            }
        }

        return [.. values];
    }

    /// <summary>Stops to multiply before anything can overflow.</summary>
    private bool HasSize(int length) => length == _shape.Aggregate(1L, (product, dimension) =>
        dimension is >= 0 and <= int.MaxValue && product <= int.MaxValue ? product * dimension : long.MaxValue);

    private static void Expect(bool isRight, string problem)
    {
        if (!isRight)
        {
            throw new InvalidDataException($"The ONNX file is damaged: {problem}.");
        }
    }

    private void RefuseOtherFile()
    {
        if (_place != 0)
        {
            throw new NotSupportedException($"The numbers of '{Name}' are in another file; save the ONNX model as a single one.");
        }
    }
}
