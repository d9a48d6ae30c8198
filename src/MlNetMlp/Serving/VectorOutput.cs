using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlNetMlp.Serving;

/// <summary>The value of a column of vectors.</summary>
internal sealed class VectorOutput<T>(ScoringOutput output, ItemFormat<T> format, ValueGetter<VBuffer<T>> getter) : OutputSlot(output)
{
    private VBuffer<T> _value;
    private VBuffer<T> _dense;
    private bool _isDense;

    public ref readonly VBuffer<T> Value => ref _value;

    /// <summary>All slots; those of a sparse vector are written out once.</summary>
    public ReadOnlySpan<T> Values
    {
        get
        {
            if (_value.IsDense)
            {
                return _value.GetValues();
            }

            if (!_isDense)
            {
                _value.CopyToDense(ref _dense);
                _isDense = true;
            }

            return _dense.GetValues();
        }
    }

    public override void Compute()
    {
        getter(ref _value);
        _isDense = false;
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (T value in Values)
        {
            format.Write(writer, value);
        }

        writer.WriteEndArray();
    }
}
