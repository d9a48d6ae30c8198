using System.Text.Json;
using Microsoft.ML;

namespace MlNetMlp.Serving;

/// <summary>The value of a column of single values.</summary>
internal sealed class ScalarOutput<T>(ScoringOutput output, ItemFormat<T> format, ValueGetter<T> getter) : OutputSlot(output)
{
    private T _value = default!;

    public T Value => _value;

    public override void Compute() => getter(ref _value);

    public override void Write(Utf8JsonWriter writer) => format.Write(writer, _value);
}
