using Microsoft.ML.Data;
using MlNetMlp.Serving;

namespace MlNetMlp.Hosting;

/// <summary>Whether rows that one model scores are scored by another too, with all outputs that their senders look for.</summary>
internal static class ColumnComparison
{
    /// <summary>What of the first model the second one lacks, or asks for in addition; empty if it can take its place.</summary>
    /// <remarks>More columns that need not be given, more outputs, and more names of an output's values, such as a new class, are no difference.</remarks>
    public static IReadOnlyList<string> Differences(RowScorer current, RowScorer next)
    {
        Dictionary<string, ScoringInput> inputs = next.Inputs.ToDictionary(input => input.Name);
        Dictionary<string, ScoringInput> oldInputs = current.Inputs.ToDictionary(input => input.Name);
        Dictionary<string, ScoringOutput> outputs = next.Outputs.ToDictionary(output => output.Name);
        return
        [
            .. current.Inputs.Select(old => Difference(old, inputs.GetValueOrDefault(old.Name))).OfType<string>(),
            .. next.Inputs.Where(input => input.IsRequired && !oldInputs.ContainsKey(input.Name))
                .Select(input => $"the column '{input.Name}' ({input.Type}) is needed in addition"),
            .. current.Outputs.Select(old => Difference(old, outputs.GetValueOrDefault(old.Name))).OfType<string>(),
        ];
    }

    private static string? Difference(ScoringInput old, ScoringInput? input) =>
        input is null ? $"there is no column '{old.Name}'"
        : !old.Type.Equals(input.Type) || !old.KeyValues.SequenceEqual(input.KeyValues)
            ? $"the column '{old.Name}' takes {input.Allowed} ({input.Type}) instead of {old.Allowed} ({old.Type})"
        : input.IsRequired && !old.IsRequired ? $"the column '{old.Name}' has to be given"
        : null;

    private static string? Difference(ScoringOutput old, ScoringOutput? output)
    {
        if (output is null)
        {
            return $"there is no output '{old.Name}'";
        }

        if (old.ValueNames.Count > 0 && output.ValueNames.Count > 0)
        {
            string[] gone = [.. old.ValueNames.Except(output.ValueNames)];
            return gone.Length == 0 ? null : $"the output '{old.Name}' has no value for {string.Join(", ", gone.Select(name => $"'{name}'"))}";
        }

        bool isSame = old.ValueNames.Count == output.ValueNames.Count && (old.Type.Equals(output.Type) || AreKeys(old.Type, output.Type))
            && !old.KeyValues.Except(output.KeyValues).Any();
        return isSame ? null : $"the output '{old.Name}' is {output.Type} instead of {old.Type}";
    }

    // A retrained model may know a class more; a key's answer is the value that it stands for.
    private static bool AreKeys(DataViewType old, DataViewType type) => old is KeyDataViewType && type is KeyDataViewType;
}
