using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What an <see cref="Effort"/> chose, and what was set, for people.</summary>
internal static class EffortNote
{
    /// <summary>One line for what was chosen and why, and one for what was set of that, if anything was.</summary>
    /// <param name="options">The options as they were given.</param>
    /// <param name="chosen">What the effort made of them.</param>
    /// <param name="rows">The number of rows that were read.</param>
    /// <param name="isSparse">Whether they are kept without their zeros.</param>
    public static IEnumerable<string> Lines(MlpTrainerOptions options, MlpTrainerOptions chosen, int rows, bool isSparse)
    {
        if (options.Effort == Effort.Plain)
        {
            yield break;
        }

        Dictionary<string, object?> given = Parts(options);
        string[] changed = [.. Parts(chosen)
            .Where(part => part.Key != nameof(MlpTrainerOptions.Effort) && !Equals(part.Value, given[part.Key])).Select(Text)];
        yield return FormattableString.Invariant($"{nameof(Effort)} {options.Effort} for {rows} {(isSparse ? "sparse" : "dense")} rows chose ") +
            (changed.Length > 0 ? $"{string.Join(", ", changed)}; the rest is as it is by default." : "what is the default of every option.");
        string[] set = [.. given.Where(part => options.Given.Contains(part.Key)).Select(Text)];
        if (set.Length > 0)
        {
            yield return $"Set, so that it was not chosen: {string.Join(", ", set)}.";
        }
    }

    private static string Text(KeyValuePair<string, object?> part) => $"{part.Key} = {SettingsText.Text(part.Value)}";

    private static Dictionary<string, object?> Parts(MlpTrainerOptions options) =>
        SettingsText.PartsOf(options).ToDictionary(part => part.Name, part => part.Value, StringComparer.Ordinal);
}
