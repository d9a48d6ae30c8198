using System.Globalization;
using Microsoft.Extensions.Options;

namespace MlNetMlp.Hosting;

/// <summary>Checks the options of one model.</summary>
/// <param name="name">The name of the model.</param>
/// <param name="section">What stands in front of an option in messages: the section of the configuration.</param>
/// <param name="hasSource">Whether there is a source, so that no path is needed.</param>
internal sealed class MlpScoringOptionsCheck(string name, string section, bool hasSource) : IValidateOptions<MlpScoringOptions>
{
    public ValidateOptionsResult Validate(string? optionsName, MlpScoringOptions options)
    {
        if (optionsName != name)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> failures = [];
        Check(hasSource || !string.IsNullOrWhiteSpace(options.Path), nameof(options.Path), "empty", "the path of a file");
        CheckRange(options.PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), nameof(options.PollInterval));
        Check(options.Outputs is not [], nameof(options.Outputs), "empty", "one name of a column or more");
        if (options.RangeTolerance is { } tolerance)
        {
            // NaN compares as less than everything.
            CheckRange(tolerance, 0, 1000, nameof(options.RangeTolerance));
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void CheckRange<T>(T value, T from, T to, string option) where T : IComparable<T>, IFormattable =>
            Check(value.CompareTo(from) >= 0 && value.CompareTo(to) <= 0, option, Text(value), $"from {Text(from)} to {Text(to)}");

        void Check(bool isSound, string option, string value, string allowed)
        {
            if (!isSound)
            {
                failures.Add($"{section}:{option} is {value}; it has to be {allowed}.");
            }
        }
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
