using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>The value of a trial in one dimension of its search space.</summary>
public sealed record SearchValue
{
    internal SearchValue(string name, object? value, string text)
    {
        Name = name;
        Value = value;
        Text = text;
    }

    /// <summary>The label of the dimension.</summary>
    public string Name { get; init; }

    /// <summary>The value: a Single, an Int32, a choice, or the name of a branch.</summary>
    public object? Value { get; init; }

    /// <summary>The value in words, for tables.</summary>
    public string Text { get; init; }

    /// <summary>Where the value is in its dimension: from 0 to 1 on the scale of a number; the place of a choice or branch, from 0.</summary>
    internal double Position { get; init; }

    /// <summary>The dimension and its value, for example <c>rate 0.00123</c>.</summary>
    public override string ToString() => $"{Name} {Text}";

    internal static SearchValue Of(string name, float value) => new(name, value, value.ToString("G4", CultureInfo.InvariantCulture));

    internal static SearchValue Of(string name, int value) => new(name, value, value.ToString(CultureInfo.InvariantCulture));
}
