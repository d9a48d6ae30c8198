namespace MlNetMlp.Numerics;

/// <summary>A right operand that is laid out once for many products, as in scoring.</summary>
/// <remarks>Immutable, so it may be used from any number of threads.</remarks>
internal sealed class PackedMatrix
{
    private readonly AlignedBuffer _values;

    /// <summary>Copies <paramref name="right"/>, <c>[Rows, Columns]</c>.</summary>
    public PackedMatrix(ReadOnlyMatrixSpan right)
    {
        Rows = right.Rows;
        Columns = right.Columns;
        _values = new AlignedBuffer(right.Values.Length);
        right.Values.CopyTo(_values.Span);
    }

    public int Rows { get; }

    public int Columns { get; }

    public ReadOnlyMatrixSpan Matrix => _values.AsMatrix(Rows, Columns);
}
