namespace MlNetMlp;

/// <summary>The steps of a scoring network as operators of ONNX.</summary>
internal static class StepNodes
{
    private static readonly GraphAttribute _alongRow = new GraphAttribute.Integers("axes", [1]);
    private static readonly GraphAttribute _keepColumn = new GraphAttribute.Integer("keepdims", 1);
    private static readonly GraphAttribute _dropColumn = new GraphAttribute.Integer("keepdims", 0);

    /// <summary>Appends one network: from the standardized features [rows, features] to the outputs before <see cref="Loss.ToScores"/>.</summary>
    /// <exception cref="NotSupportedException">A step has no counterpart here.</exception>
    public static string Append(Graph graph, ScoringStep[] network, string input)
    {
        string current = input, kept = input;
        foreach (ScoringStep step in network)
        {
            kept = step.KeepsInput ? current : kept;
            current = Append(graph, step, current);
            current = step.AddsKept ? graph.Apply("Add", current, kept) : current;
        }

        return current;
    }

    /// <summary>Appends the sum of every row [rows, 1].</summary>
    public static string RowSum(Graph graph, string x) => graph.Apply("ReduceSum", x, _alongRow, _keepColumn);

    /// <summary>Appends the greatest value of every row [rows, 1].</summary>
    public static string RowMaximum(Graph graph, string x) => graph.Apply("ReduceMax", x, _alongRow, _keepColumn);

    private static string Append(Graph graph, ScoringStep step, string x) => step switch
    {
        AffineStep affine => Affine(graph, affine, x),
        LayerNormalizationStep normalization => LayerNormalization(graph, normalization, x),
        UnitLengthStep unit => UnitLength(graph, unit, x),
        PReluStep rectifier => graph.Apply("PRelu", x, graph.Row("Slopes", rectifier.Slopes)),
        CategoryStep categories => Categorize(graph, categories, x),
        EncodingStep encoding => Encode(graph, encoding.Encoding, x),
        PeriodicStep periodic => Embed(graph, periodic, x),
        MaxoutStep maxout => Maxout(graph, maxout, x),
        _ => throw new NotSupportedException($"{step.GetType().Name} cannot be written as ONNX."),
    };

    private static string Affine(Graph graph, AffineStep step, string x)
    {
        string weights = graph.Matrix("Weights", step.Weights.Unpack(), step.InputSize, step.OutputSize);
        return ActivationNodes.Append(graph, step.Activation, graph.Apply("Gemm", [x, weights, graph.Row("Biases", step.Biases)]));
    }

    /// <summary>In two passes, as the layer does it; an operator of its own only came with version 17.</summary>
    private static string LayerNormalization(Graph graph, LayerNormalizationStep step, string x)
    {
        string centered = graph.Apply("Sub", x, graph.Apply("ReduceMean", x, _alongRow, _keepColumn));
        string variance = graph.Apply("ReduceMean", graph.Apply("Mul", centered, centered), _alongRow, _keepColumn);
        string normalized = graph.Apply("Div", centered, Root(graph, variance, step.Epsilon));
        string scaled = graph.Apply("Mul", normalized, graph.Row("Gain", step.Gain));
        return ActivationNodes.Append(graph, step.Activation, graph.Apply("Add", scaled, graph.Row("Shift", step.Shift)));
    }

    private static string UnitLength(Graph graph, UnitLengthStep step, string x) =>
        graph.Apply("Div", x, Root(graph, RowSum(graph, graph.Apply("Mul", x, x)), step.Epsilon));

    private static string Root(Graph graph, string square, float epsilon) =>
        graph.Apply("Sqrt", graph.Apply("Add", square, graph.Scalar("Epsilon", epsilon)));

    /// <summary>
    /// Appends the parts of the encoding and puts them beside each other. A comparison with NaN is false; a minimum or maximum may lose NaN or not, so that
    /// what is made of a missing feature is replaced behind them.
    /// </summary>
    private static string Encode(Graph graph, FeatureEncoding encoding, string x)
    {
        var columns = new List<string> { encoding.IsClipped ? Clipped(graph, x) : x };
        string zero = graph.Scalar("Zero", 0);
        if (encoding.Missing.Length > 0)
        {
            columns[0] = graph.Apply("Where", [graph.Apply("IsNaN", x), zero, columns[0]]);
        }

        if (encoding.Sources.Length > 0)
        {
            string distance = graph.Apply("Sub", Gather(graph, x, encoding.Sources), graph.Row("LowerEnds", encoding.LowerEnds));
            string share = graph.Apply("Mul", distance, graph.Row("InverseWidths", encoding.InverseWidths));
            string atMost = graph.Apply("Min", share, graph.Scalar("One", 1));
            columns.Add(graph.Apply("Where", [graph.Apply("Greater", share, zero), atMost, zero]));
        }

        if (encoding.Missing.Length > 0)
        {
            string missing = graph.Apply("IsNaN", Gather(graph, x, encoding.Missing));
            columns.Add(graph.Apply("Cast", missing, new GraphAttribute.Integer("to", (long)ElementType.Single)));
        }

        return columns.Count == 1 ? columns[0] : Concat(graph, columns);
    }

    /// <summary>
    /// Appends what is made of categories, and puts it behind the features that stay: <c>1 - sum x</c> for a group that stays, and for one that is embedded
    /// the product of x and that with the vectors.
    /// </summary>
    private static string Categorize(Graph graph, CategoryStep step, string x)
    {
        CategoryMap map = step.Map;
        var columns = new List<string>();
        if (map.Kept.Length > 0)
        {
            columns.Add(map.Kept.Length == map.FeatureCount ? x : Gather(graph, x, map.Kept));
        }

        string one = graph.Scalar("One", 1);
        foreach (bool ofEmbedded in (bool[])[false, true])
        {
            for (int g = 0; g < map.Groups.Length; g++)
            {
                if (map.IsEmbedded[g] == ofEmbedded)
                {
                    (int first, int size) = (map.Groups[g].First, map.Groups[g].Size);
                    string slots = Gather(graph, x, [.. Enumerable.Range(first, size)]), other = graph.Apply("Sub", one, RowSum(graph, slots));
                    columns.Add(ofEmbedded ? Vectors(step, g, Concat(graph, [slots, other])) : other);
                }
            }
        }

        return Concat(graph, columns);

        string Vectors(CategoryStep step, int group, string slots)
        {
            int rows = step.Map.Groups[group].Size + 1, width = step.Map.Width;
            ReadOnlySpan<float> vectors = step.Table.Slice(step.Map.FirstTableRow(group) * width, rows * width);
            return graph.Apply("MatMul", slots, graph.Matrix("Vectors", vectors.ToArray(), rows, width));
        }
    }

    private static string Concat(Graph graph, IReadOnlyList<string> columns) => graph.Apply("Concat", columns, new GraphAttribute.Integer("axis", 1));

    /// <summary>
    /// Appends the waves [rows, numbers, waves] of the embedded numbers, each number's own mixture of them, and puts these beside the inputs. Whole turns are
    /// taken off in front of the cosine: where angles are large, it would not tell them apart.
    /// </summary>
    private static string Embed(Graph graph, PeriodicStep step, string x)
    {
        PeriodicNumbers embedded = step.Embedded;
        long numbers = embedded.Count, waves = embedded.Embedding.Waves, width = embedded.Embedding.Width;
        string number = graph.Apply("Reshape", Gather(graph, x, embedded.Numbers), graph.List("Shape", 0, numbers, 1));
        string turned = graph.Apply("Mul", number, graph.Tensor("Frequencies", step.Frequencies, 1, numbers, waves));
        string turns = graph.Apply("Add", turned, graph.Tensor("Phases", step.Phases, 1, numbers, waves));
        string whole = graph.Apply("Floor", graph.Apply("Add", turns, graph.Scalar("Half", 0.5f)));
        string angle = graph.Apply("Mul", graph.Apply("Sub", turns, whole), graph.Scalar("Turn", 2 * MathF.PI));
        string wave = graph.Apply("Reshape", graph.Apply("Cos", angle), graph.List("Shape", 0, numbers, 1, waves));
        string mixed = graph.Apply("MatMul", wave, graph.Tensor("Weights", step.Weights, numbers, waves, width));
        string row = graph.Apply("Reshape", mixed, graph.List("Shape", 0, numbers * width));
        string sum = graph.Apply("Add", row, graph.Row("Biases", step.Biases));
        return Concat(graph, [x, embedded.Embedding.Rectifies ? graph.Apply("Relu", sum) : sum]);
    }

    private static string Gather(Graph graph, string x, ReadOnlySpan<int> features) =>
        graph.Apply("Gather", x, graph.List("Features", [.. features.ToArray().Select(feature => (long)feature)]), new GraphAttribute.Integer("axis", 1));

    /// <summary><c>x / sqrt(1 + (x / 3)^2)</c>.</summary>
    private static string Clipped(Graph graph, string x)
    {
        string third = graph.Apply("Mul", x, graph.Scalar("Third", 1f / 3));
        string atMost = graph.Apply("Min", third, graph.Scalar("Greatest", FeatureEncoding.LargestThird));
        string bounded = graph.Apply("Max", atMost, graph.Scalar("Least", -FeatureEncoding.LargestThird));
        string root = Root(graph, graph.Apply("Mul", bounded, bounded), 1);
        return graph.Apply("Div", graph.Apply("Mul", bounded, graph.Scalar("Three", 3)), root);
    }

    /// <summary>The sums of a unit lie a whole piece apart, so they are the middle one of three dimensions.</summary>
    private static string Maxout(Graph graph, MaxoutStep step, string x)
    {
        // 0 stands for the number of rows, whatever it is.
        string pieces = graph.Apply("Reshape", x, graph.List("Shape", 0, step.Pieces, step.OutputSize));
        return graph.Apply("ReduceMax", pieces, _alongRow, _dropColumn);
    }
}
