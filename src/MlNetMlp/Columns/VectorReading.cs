using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Reads a vector of Single, dense or sparse, of the row that a cursor stands on.</summary>
internal sealed class VectorReading(DataViewRow row, DataViewSchema.Column column, int size)
{
    private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(column);
    private VBuffer<float> _buffer;

    /// <summary>Writes all slots to <paramref name="destination"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The row's vector has another length than the column's type promises, or a slot that is not there, not in its order or there twice.
    /// </exception>
    public void Read(Span<float> destination)
    {
        Read().CopyTo(destination);
    }

    /// <summary>The vector as it is, dense or sparse, valid until the next call.</summary>
    /// <inheritdoc cref="Read(Span{float})"/>
    public ref readonly VBuffer<float> Read()
    {
        _getter(ref _buffer);
        Check(in _buffer, size, row.Position, column.Name);
        return ref _buffer;
    }

    /// <summary>The vector of the last call of <see cref="Read()"/>.</summary>
    public ref readonly VBuffer<float> Last => ref _buffer;

    /// <inheritdoc cref="Read(Span{float})"/>
    public static void Check(in VBuffer<float> vector, int size, long position, string column)
    {
        if (Problem(in vector, size) is { } problem)
        {
            throw new InvalidOperationException($"Row {position} (from 0): the vector in column '{column}' has {problem}");
        }
    }

    /// <summary>What is wrong with the slots of a vector; null: nothing. ML.NET's vectors take any slots that they are given.</summary>
    public static string? Problem(in VBuffer<float> vector, int size)
    {
        if (vector.Length != size)
        {
            return $"{vector.Length} slots; the type of the column promises {size}.";
        }

        int last = -1;
        foreach (int slot in vector.IsDense ? [] : vector.GetIndices())
        {
            if (slot <= last || slot >= size)
            {
                return slot < 0 || slot >= size
                    ? $"a value in slot {slot}; there are slots 0 to {size - 1}."
                    : $"a value in slot {slot} behind one in slot {last}; the slots of a sparse vector must ascend, each at most once.";
            }

            last = slot;
        }

        return null;
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
