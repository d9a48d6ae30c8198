using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Internal;

/// <summary>Reads a vector of Single, dense or sparse, of the row that a cursor stands on.</summary>
internal sealed class VectorReading(DataViewRow row, DataViewSchema.Column column, int size)
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private VBuffer<float> _buffer;

    /// <summary>Writes all slots to <paramref name="destination"/>.</summary>
    /// <exception cref="InvalidOperationException">The row's vector has another length than the column's type promises.</exception>
    public void Read(Span<float> destination)
    {
        _getter(ref _buffer);
        Copy(_buffer, destination, size, row.Position, column.Name);
    }

    public static void Copy(in VBuffer<float> vector, Span<float> destination, int size, long position, string column)
    {
        if (vector.Length != size)
        {
            throw new InvalidOperationException(
                $"Row {position} (from 0): the vector in column '{column}' has {vector.Length} slots; the type of the column promises {size}.");
        }

        vector.CopyTo(destination);
    }
}
