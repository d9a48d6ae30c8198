using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Reads a vector of Single, dense or sparse, of the row that a cursor stands on.</summary>
internal sealed class VectorReading(DataViewRow row, DataViewSchema.Column column, int size)
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private VBuffer<float> _buffer;

    /// <summary>Writes all slots to <paramref name="destination"/>.</summary>
    /// <exception cref="InvalidOperationException">The row's vector has another length than the column's type promises.</exception>
    public void Read(Span<float> destination)
    {
        Read().CopyTo(destination);
    }

    /// <summary>The vector as it is, dense or sparse, valid until the next call.</summary>
    /// <inheritdoc cref="Read(Span{float})"/>
    public ref readonly VBuffer<float> Read()
    {
        _getter(ref _buffer);
        CheckLength(in _buffer, size, row.Position, column.Name);
        return ref _buffer;
    }

    public static void CheckLength(in VBuffer<float> vector, int size, long position, string column)
    {
        if (vector.Length != size)
        {
            throw new InvalidOperationException(
                $"Row {position} (from 0): the vector in column '{column}' has {vector.Length} slots; the type of the column promises {size}.");
        }
    }

    /// <summary>Whether so many values of so many slots are few enough to compute with them alone.</summary>
    public static bool IsSparse(long values, long slots) => values <= slots / 8;

    /// <summary>Appends a vector, dense or sparse, as a row.</summary>
    public static void Append(in VBuffer<float> vector, SparseFeatures rows)
    {
        if (vector.IsDense)
        {
            rows.Add(vector.GetValues());
        }
        else
        {
            rows.Add(vector.GetIndices(), vector.GetValues());
        }
    }
}
