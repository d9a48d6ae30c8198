using System.Globalization;

namespace MlNetMlp.Search;

/// <summary>What a trial has in one dimension of its search space.</summary>
/// <param name="Name">The label of the dimension.</param>
/// <param name="Value">The value: a Single, an Int32, a choice, or the name of a branch.</param>
/// <param name="Text">The value in words, for tables.</param>
public sealed record SearchValue(string Name, object? Value, string Text)
{
    /// <summary>The dimension and its value, for example <c>rate 0.00123</c>.</summary>
    public override string ToString() => $"{Name} {Text}";

    internal static SearchValue Of(string name, float value) => new(name, value, value.ToString("G4", CultureInfo.InvariantCulture));

    internal static SearchValue Of(string name, int value) => new(name, value, value.ToString(CultureInfo.InvariantCulture));
}
