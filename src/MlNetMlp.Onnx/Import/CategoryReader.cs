namespace MlNetMlp.Onnx;

/// <summary>Recognizes what <see cref="StepNodes"/> writes of a <see cref="CategoryMap"/>, operand by operand, and nothing else.</summary>
internal sealed class CategoryReader(ImportedGraph graph, ModelBudget budget)
{
    /// <summary>The map whose last operator this is, and what it maps; null if it is none.</summary>
    /// <exception cref="InvalidDataException">It is larger than the file may be.</exception>
    public (Part.Categories Categories, string Features)? Read(ImportedNode node)
    {
        if (node.Name != "Concat" || node.Integer("axis", 0) != 1 || node.Inputs.Count == 0)
        {
            return null;
        }

        bool keepsNothing = GroupOf(node.Inputs[0]) is not null;
        List<Group> groups = [];
        foreach (string input in node.Inputs.Skip(keepsNothing ? 0 : 1))
        {
            if (GroupOf(input) is not { } group)
            {
                return null;
            }

            groups.Add(group);
        }

        if (groups.Count == 0)
        {
            return null;
        }

        string features = groups[0].Features;
        (string Features, int[] Indices)? kept = keepsNothing ? (features, [])
            : node.Inputs[0] == features ? null
            : graph.Gathered(node.Inputs[0], budget);
        int width = groups[^1].Width;
        Group[] ascending = [.. groups.OrderBy(group => group.Slots[0])];
        bool isOurs = groups.TrueForAll(group => group.Features == features && (group.Width == 0 || group.Width == width))
            && groups.SequenceEqual(ascending.OrderBy(group => group.Width > 0))
            && (kept?.Features ?? node.Inputs[0]) == features;
        return isOurs
            ? (new(node, [.. ascending.Select(group => new CategoricalGroup(group.Slots[0], group.Slots[^1]))], [.. ascending.Select(group => group.Width > 0)],
                width, kept?.Indices, () => [.. ascending.SelectMany(group => group.Vectors?.Reals() ?? [])]), features)
            : null;
    }

    /// <summary><c>1 - sum x</c>, or the product of x and that, beside each other, with a table.</summary>
    private Group? GroupOf(string value)
    {
        if (graph.Maker(value, "MatMul") is not { Inputs: [{ } joined, { } table] })
        {
            return OtherOf(value);
        }

        return graph.Constant(table) is { Shape: [> 1 and <= int.MaxValue and var rows, > 0 and <= int.MaxValue and var width] } vectors
            && graph.Maker(joined, "Concat") is { Inputs: [{ } slots, { } other] } concat && concat.Integer("axis", 0) == 1
            && OtherOf(other) is { } group && group.Value == slots && group.Slots.Length == rows - 1
                ? group with { Width = (int)width, Vectors = vectors }
                : null;
    }

    private Group? OtherOf(string value) =>
        graph.Maker(value, "Sub") is { Inputs: [{ } one, { } sum] } && graph.Scalar(one) == 1 && graph.OfRow(sum, "ReduceSum") is { } slots
        && graph.Gathered(slots, budget) is var (features, indices) && IsRange(indices)
            ? new(slots, features, indices, 0, null)
            : null;

    private static bool IsRange(int[] indices) => indices.Index().All(pair => pair.Item - indices[0] == pair.Index);

    private sealed record Group(string Value, string Features, int[] Slots, int Width, ImportedTensor? Vectors);
}
