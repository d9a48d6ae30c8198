using System.Globalization;
using Microsoft.Extensions.Options;

namespace Service;

/// <summary>Collects what is wrong with a section of the settings: each setting by its name, its value and what is allowed.</summary>
internal sealed class SettingsCheck(string section)
{
    private readonly List<string> _failures = [];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    public void That(bool isSound, string name, string value, string allowed)
    {
        if (!isSound)
        {
            _failures.Add($"{section}:{name} is {(string.IsNullOrWhiteSpace(value) ? "empty" : value)}; it has to be {allowed}.");
        }
    }

    public void Range<T>(T value, T from, T to, string name) where T : IComparable<T>, IFormattable =>
        That(value.CompareTo(from) >= 0 && value.CompareTo(to) <= 0, name, Text(value), $"from {Text(from)} to {Text(to)}");

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
