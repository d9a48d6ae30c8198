namespace MlNetMlp.Onnx;

/// <summary>Questions about operands that several readers of a graph ask.</summary>
internal static class Operands
{
    /// <summary>A constant that takes part in every row [rows, columns] and makes no more of them: a number, or a row of them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The operator.</param>
    /// <param name="operand">The number of the operand, from 0.</param>
    /// <param name="mayBeMissing">Whether NaN is allowed.</param>
    public static float[] Row(this ImportedGraph graph, ImportedNode node, int operand, bool mayBeMissing = false)
    {
        ImportedTensor? row = graph.Constant(node.Input(operand));
        return row?.Shape.Count <= 2 && (row.Shape.Count < 2 || row.Shape[0] == 1) && row.Reals(mayBeMissing) is { Length: > 0 } values
            ? values
            : throw node.Refuse($"its operand {operand + 1} is not a constant row of real numbers in this file");
    }

    /// <summary>The one number that a value is; null if it is something else.</summary>
    public static float? Scalar(this ImportedGraph graph, string value) =>
        graph.Constant(value) is { Shape.Count: <= 2 } constant && constant.Reals() is [float number] ? number : null;

    /// <summary>Whether a value is this number, up to what single precision makes of it.</summary>
    public static bool IsNumber(this ImportedGraph graph, string value, double expected) =>
        graph.Scalar(value) is { } number && Math.Abs(number - expected) <= 2.5e-7 * Math.Abs(expected);

    /// <summary>The operand of an operator of two that stands beside the operand for which <paramref name="isFirst"/> holds; null if there is none.</summary>
    public static string? Beside(this ImportedNode node, Func<string, bool> isFirst) => node.Inputs is not [{ } left, { } right] ? null
        : isFirst(left) ? right
        : isFirst(right) ? left
        : null;

    /// <summary>The first operand of an operator whose second one is this number; null if the value is of something else.</summary>
    public static string? FirstOperand(this ImportedGraph graph, string value, string op, float number) =>
        graph.Maker(value, op) is { Inputs: [{ } first, { } second] } && graph.Scalar(second) == number ? first : null;

    /// <summary>The rows, and which of their columns a value is made of; null if it is of something else.</summary>
    /// <exception cref="InvalidDataException">There are more columns than the file may have.</exception>
    public static (string Features, int[] Indices)? Gathered(this ImportedGraph graph, string value, ModelBudget budget)
    {
        if (graph.Maker(value, "Gather") is not { Inputs: [{ } features, { } list] } gather || gather.Integer("axis", 0) != 1
            || graph.Constant(list) is not { Shape: [> 0 and <= int.MaxValue and var count] } constant)
        {
            return null;
        }

        budget.TakeBytes(Part.Encoding.ColumnBytes * count, "an encoding of features");
        return constant.Integers((int)count) is { } indices && indices.TrueForAll(index => index is >= 0 and <= int.MaxValue)
            ? (features, [.. indices.Select(index => (int)index)])
            : null;
    }

    /// <summary>What the sum, mean or maximum of every row [rows, 1] is taken of; null if the value is none.</summary>
    public static string? OfRow(this ImportedGraph graph, string value, string op) =>
        graph.Maker(value, op) is { } node && graph.WorksAlong(node) && node.Integer("keepdims", 1) == 1 ? node.Input(0) : null;

    /// <summary>Whether an operator reduces the second dimension alone, the last of rows.</summary>
    public static bool WorksAlong(this ImportedGraph graph, ImportedNode node, bool isLast = true) =>
        (node.Inputs.Count > 1 ? graph.Constant(node.Inputs[1])?.Integers() : node.Attribute("axes")?.Integers) is [var axis]
        && (axis == 1 || (isLast && axis == -1));
}
