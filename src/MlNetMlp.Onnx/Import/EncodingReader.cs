namespace MlNetMlp.Onnx;

/// <summary>Recognizes what <see cref="StepNodes"/> writes of a <see cref="FeatureEncoding"/>, operand by operand, and nothing else.</summary>
internal sealed class EncodingReader(ImportedGraph graph, ModelBudget budget)
{
    /// <summary>The encoding whose last operator this is, and what it encodes; null if it is none.</summary>
    /// <exception cref="InvalidDataException">It is larger than the file may be.</exception>
    public (Part.Encoding Encoding, string Features)? Read(ImportedNode node) => node.Name switch
    {
        "Div" when Clipped(node.Output) is { } features => (new(node, [], [], [], [], IsClipped: true), features),
        "Concat" when node.Inputs.Count is 2 or 3 && node.Integer("axis", 0) == 1 => Columns(node),
        _ => null,
    };

    /// <summary>The features, the shares of their bins if there are any, and which features are missing if any may be.</summary>
    private (Part.Encoding Encoding, string Features)? Columns(ImportedNode node)
    {
        (string Features, int[] Indices)? missing = Missing(node.Inputs[^1]);
        Bins? bins = node.Inputs.Count == 3 || missing is null ? BinsOf(node.Inputs[1]) : null;
        if (node.Inputs.Count != 1 + (bins is null ? 0 : 1) + (missing is null ? 0 : 1)
            || (missing?.Features ?? bins?.Features) is not { } features || (bins?.Features ?? features) != features)
        {
            return null;
        }

        string? shown = missing is null ? node.Inputs[0] : Present(node.Inputs[0], features);
        bool isClipped = shown is not null && shown != features;
        return shown is not null && (!isClipped || Clipped(shown) == features)
            ? (new(node, bins?.Sources ?? [], bins?.LowerEnds ?? [], bins?.InverseWidths ?? [], missing?.Indices ?? [], isClipped), features)
            : null;
    }

    /// <summary>The x of <c>x / sqrt((x / 3)^2 + 1)</c>.</summary>
    private string? Clipped(string value) =>
        graph.Maker(value, "Div") is { Inputs: [{ } upper, { } root] } && Operand(upper, "Mul", 3) is { } bounded
        && graph.Maker(root, "Sqrt") is { Inputs: [{ } sum] } && Operand(sum, "Add", 1) is { } square
        && graph.Maker(square, "Mul") is { Inputs: [{ } left, { } right] } && left == bounded && right == bounded
        && Operand(bounded, "Max", -FeatureEncoding.LargestThird) is { } notLarge && Operand(notLarge, "Min", FeatureEncoding.LargestThird) is { } third
            ? Operand(third, "Mul", 1f / 3)
            : null;

    /// <summary>The y of <c>x is missing ? 0 : y</c>.</summary>
    private string? Present(string value, string features) =>
        graph.Maker(value, "Where") is { Inputs: [{ } isMissing, { } zero, { } otherwise] } && graph.Scalar(zero) == 0
        && graph.Maker(isMissing, "IsNaN") is { Inputs: [{ } of] } && of == features
            ? otherwise
            : null;

    /// <summary>The shares <c>s > 0 ? min(s, 1) : 0</c> with <c>s = (x - lower ends) inverse widths</c>.</summary>
    private Bins? BinsOf(string value) =>
        graph.Maker(value, "Where") is { Inputs: [{ } isAbove, { } atMostOne, { } zero] } && graph.Scalar(zero) == 0
        && Operand(isAbove, "Greater", 0) is { } share && Operand(atMostOne, "Min", 1) == share
        && graph.Maker(share, "Mul") is { Inputs: [{ } distance, _] } scaled && graph.Maker(distance, "Sub") is { Inputs: [{ } gathered, _] } shifted
        && graph.Gathered(gathered, budget) is { } sources
            ? new(sources.Features, sources.Indices, graph.Row(shifted, 1), graph.Row(scaled, 1))
            : null;

    private (string Features, int[] Indices)? Missing(string value) =>
        graph.Maker(value, "Cast") is { Inputs: [{ } isMissing] } cast && cast.Integer("to", 0) == (long)ElementType.Single
        && graph.Maker(isMissing, "IsNaN") is { Inputs: [{ } gathered] }
            ? graph.Gathered(gathered, budget)
            : null;

    private string? Operand(string value, string op, float number) => graph.FirstOperand(value, op, number);

    private sealed record Bins(string Features, int[] Sources, float[] LowerEnds, float[] InverseWidths);
}
