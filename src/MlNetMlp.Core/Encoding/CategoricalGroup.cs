using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>
/// Neighbouring features of which a row has at most one: the one-hot code of a category. A row that has none is of no category that is known.
/// </summary>
/// <param name="First">The first feature, from 0.</param>
/// <param name="Last">The last feature; at least <paramref name="First"/>.</param>
public readonly record struct CategoricalGroup(int First, int Last) : ISettings
{
    /// <summary>The number of features.</summary>
    public int Size => Last - First + 1;

    /// <summary>For example <c>features 3 to 7</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"features {First} to {Last}");

    /// <summary>Why there cannot be such groups of so many features; null: there can.</summary>
    internal static string? Problem(IReadOnlyList<CategoricalGroup> groups, int featureCount)
    {
        int least = 0;
        foreach (CategoricalGroup group in groups)
        {
            if (group.First < least || group.Last < group.First || group.Last >= featureCount)
            {
                return FormattableString.Invariant(
                    $"a group of {group} does not fit: groups are ranges of features from {least} to {featureCount - 1} here, ascending, without overlap");
            }

            least = group.Last + 1;
        }

        return null;
    }
}
