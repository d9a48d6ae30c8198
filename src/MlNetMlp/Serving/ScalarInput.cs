using System.Globalization;
using System.Text.Json;
using Microsoft.ML;

namespace MlNetMlp.Serving;

/// <summary>The value of a column of single values.</summary>
internal sealed class ScalarInput<T> : InputSlot<T>
{
    private readonly ValueGetter<T> _getter;
    private T _value = default!;

    public ScalarInput(ScoringInput input, ItemFormat<T> format, TextStore texts)
        : base(input, format, texts) => _getter = (ref T value) => value = _value;

    public override Delegate Getter => _getter;

    public void Set(T value) => _value = Format.IsInRange(value) ? value : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"{value}"));

    public override void SetText(ReadOnlyMemory<char> text) => _value = Format.TryParse(text, out T value) ? value : throw Refuse(Quote(text.Span));

    public override void SetNumber(double number) =>
        _value = Format.TryConvert(number, out T value) ? value : throw Refuse(string.Create(CultureInfo.InvariantCulture, $"the number {number}"));

    public override void SetMissing() => _value = Missing("no value", -1);

    public override void SetJson(ref Utf8JsonReader reader) => _value = Read(ref reader, -1);
}
