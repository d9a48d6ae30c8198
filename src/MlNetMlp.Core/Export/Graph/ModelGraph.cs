namespace MlNetMlp;

/// <summary>A whole model as a graph: standardization, the network or the networks, scores, and what is predicted by them.</summary>
internal static class ModelGraph
{
    public const string Score = "Score";
    public const string Probability = "Probability";
    public const string PredictedLabel = "PredictedLabel";

    /// <exception cref="NotSupportedException">A part of the model has no counterpart here.</exception>
    public static Graph Of(MlpModel model)
    {
        var graph = new Graph();
        (string prepared, string? missing) = Standardize(graph, model.Standardizer);
        string refusal = Refusal(graph, missing is null ? prepared : graph.Apply("Where", [missing, graph.Scalar("Zero", 0), prepared]));
        string[] logits = [.. model.MemberNetworks.Select(network => StepNodes.Append(graph, network.Plan(model.Targets).Build(), prepared))];
        string score = graph.Give(
            new(Score, ElementType.Single, model.OutputCount, Meaning(model.Loss)), "Add",
            [Limited(graph, model.Targets.Limits, Scores(graph, model.Loss, logits)), refusal]);
        switch (model.Loss)
        {
            case BinaryLoss:
                graph.Give(
                    new(Probability, ElementType.Single, 1, "The probability of the positive class, never 0 or 1."), "Add", Probabilities(graph, score));
                graph.Give(
                    new(PredictedLabel, ElementType.Boolean, 1, "Whether the score is positive."), "Greater", [score, graph.Scalar("Threshold", 0)]);
                break;
            case MulticlassLoss:
                graph.Give(
                    new(PredictedLabel, ElementType.Int64, 1, "The number of the class with the greatest score, from 0; of equal ones, the first."),
                    "ArgMax", [score], new GraphAttribute.Integer("axis", 1), new GraphAttribute.Integer("keepdims", 1));
                break;
        }

        return graph;
    }

    /// <summary>The standardized features, and which of them are missing where a model shows that to its network.</summary>
    private static (string Prepared, string? Missing) Standardize(Graph graph, FeatureStandardizer standardizer)
    {
        string x = Graph.Input;
        string? mean = null;
        if (standardizer.MissingValues == InvalidValueHandling.Impute)
        {
            mean = graph.Row("Means", standardizer.Replacement);
            x = graph.Apply("Where", [graph.Apply("IsNaN", x), mean, x]);
        }

        if (standardizer.InfiniteValues == InvalidValueHandling.Impute)
        {
            // IsInf came with the next version; NaN is not greater than anything.
            mean ??= graph.Row("Means", standardizer.Replacement);
            string isInfinite = graph.Apply("Greater", graph.Apply("Abs", x), graph.Scalar("Greatest", float.MaxValue));
            x = graph.Apply("Where", [isInfinite, mean, x]);
        }

        string? missing = standardizer.Replacement.Contains(float.NaN) ? graph.Apply("IsNaN", x) : null;
        if (standardizer.Offset.ContainsAnyExcept(0f))
        {
            x = graph.Apply("Sub", x, graph.Row("Offsets", standardizer.Offset));
        }

        x = standardizer.Scale.ContainsAnyExcept(1f) ? graph.Apply("Mul", x, graph.Row("Scales", standardizer.Scale)) : x;
        return (standardizer.Quantiles is { } quantiles ? Map(graph, quantiles, standardizer.Offset.Length, x) : x, missing);
    }

    /// <summary>
    /// <c>x keep + start + sum of heights shares</c> with the shares of the pieces between knots, as of bins, and rows of as many pieces for each feature: what
    /// is missing stays so.
    /// </summary>
    private static string Map(Graph graph, QuantileMap map, int features, string x)
    {
        int pieces = Math.Max(1, map.Counts.Length == 0 ? 0 : map.Counts.ToArray().Max() - 1), first = 0;
        float[] keep = new float[features], start = new float[features];
        float[] lower = new float[pieces * features], inverse = new float[lower.Length], height = new float[lower.Length];
        Array.Fill(keep, 1);
        for (int n = 0; n < map.Features.Length; n++)
        {
            int feature = map.Features[n];
            (keep[feature], start[feature]) = (0, map.Quantiles[first]);
            for (int k = first; k < first + map.Counts[n] - 1; k++)
            {
                int place = (k - first) * features + feature;
                lower[place] = map.Knots[k];
                inverse[place] = 1 / (map.Knots[k + 1] - map.Knots[k]);
                height[place] = map.Quantiles[k + 1] - map.Quantiles[k];
            }

            first += map.Counts[n];
        }

        string zero = graph.Scalar("Zero", 0), spread = graph.Apply("Reshape", x, graph.List("Shape", 0, 1, features));
        string distance = graph.Apply("Sub", spread, graph.Tensor("Knots", lower, 1, pieces, features));
        string share = graph.Apply("Mul", distance, graph.Tensor("InverseWidths", inverse, 1, pieces, features));
        string bounded = graph.Apply("Where", [graph.Apply("Greater", share, zero), graph.Apply("Min", share, graph.Scalar("One", 1)), zero]);
        string terms = graph.Apply("Mul", bounded, graph.Tensor("Heights", height, 1, pieces, features));
        string sum = graph.Apply(
            "ReduceSum", terms, new GraphAttribute.Integers("axes", [1]), new GraphAttribute.Integer("keepdims", 0));
        string kept = graph.Apply("Add", graph.Apply("Mul", x, graph.Row("Kept", keep)), graph.Row("Starts", start));
        return graph.Apply("Add", kept, sum);
    }

    /// <summary>
    /// What is added to every score [rows, 1]: 0, or NaN for a row with a value that the model refuses, for zero times anything else than
    /// a finite number is NaN. An operator behind it, such as a maximum with 0, may lose a NaN, and no operator can throw.
    /// </summary>
    private static string Refusal(Graph graph, string prepared) => StepNodes.RowSum(graph, graph.Apply("Mul", prepared, graph.Scalar("Zero", 0)));

    /// <summary>The counterpart of <see cref="Loss.ToScores"/> and <see cref="Loss.AverageScores"/>.</summary>
    private static string Scores(Graph graph, Loss loss, string[] logits) => loss switch
    {
        { HasSoftmax: true } =>
            Mean(graph, [.. logits.Select(z => graph.Apply("Softmax", z, new GraphAttribute.Integer("axis", 1)))]),
        { GivesLogOdds: true } when logits.Length > 1 => MeanLogOdds(graph, logits),
        CustomRegressionLoss { Output: OutputFunction.Exponential } => Mean(graph, [.. logits.Select(z => Exponential(graph, z))]),
        BinaryLoss or CustomMulticlassLoss or MulticlassHinge or SquaredMulticlassHinge or MulticlassSquaredError or RegressionLoss => Mean(graph, logits),
        _ => throw new NotSupportedException($"A network that was trained with {loss} cannot be written as ONNX."),
    };

    /// <summary>The counterpart of <see cref="ValueLimits.Clamp"/>: Clip takes one pair of bounds for all columns.</summary>
    private static string Limited(Graph graph, ValueLimits? limits, string scores) => limits is null ? scores
        : graph.Apply("Min", graph.Apply("Max", scores, graph.Row("LowerLimits", limits.Lower)), graph.Row("UpperLimits", limits.Upper));

    private static string Exponential(Graph graph, string z) =>
        graph.Apply("Exp", graph.Apply("Min", z, graph.Scalar("LargestExponent", CustomRegressionLoss.LargestExponent)));

    private static string Mean(Graph graph, string[] values) => values.Length == 1 ? values[0] : graph.Apply("Mean", values);

    /// <summary><c>log(sum p) - log(sum (1 - p))</c> with <c>log p = -log(1 + exp(-z))</c> and <c>log(1 - p) = -log(1 + exp(z))</c>.</summary>
    private static string MeanLogOdds(Graph graph, string[] logits)
    {
        string z = graph.Apply("Concat", logits, new GraphAttribute.Integer("axis", 1));
        return graph.Apply("Sub", LogProbabilitySum(graph, graph.Apply("Neg", z)), LogProbabilitySum(graph, z));
    }

    /// <summary><c>log(sum_i 1 / (1 + exp(z_i)))</c>, relative to the greatest term, so that nothing rounds to 0 on the way.</summary>
    private static string LogProbabilitySum(Graph graph, string z)
    {
        string logs = graph.Apply("Neg", graph.Apply("Softplus", z)), greatest = StepNodes.RowMaximum(graph, logs);
        string sum = StepNodes.RowSum(graph, graph.Apply("Exp", graph.Apply("Sub", logs, greatest)));
        return graph.Apply("Add", greatest, graph.Apply("Log", sum));
    }

    /// <summary>
    /// The counterpart of <see cref="MlpModel.Probability"/>, and zero times the score, which is to be added: a minimum may lose a NaN. There is a
    /// Clip, but its bounds were attributes up to version 10 of the operators and are inputs from then on.
    /// </summary>
    private static string[] Probabilities(Graph graph, string score)
    {
        string atLeast = graph.Apply("Max", graph.Apply("Sigmoid", score), graph.Scalar("LeastProbability", MlpModel.LeastProbability));
        string bounded = graph.Apply("Min", atLeast, graph.Scalar("GreatestProbability", MlpModel.GreatestProbability));
        return [bounded, graph.Apply("Mul", score, graph.Scalar("Zero", 0))];
    }

    private static string Meaning(Loss loss) => loss switch
    {
        { GivesLogOdds: true } => "The log-odds of the positive class.",
        BinaryLoss => "The margin, positive for the positive class.",
        MulticlassLoss { HasSoftmax: true } => "The probability of every class.",
        MulticlassLoss => "The margin of every class.",
        KullbackLeiblerDivergence => "The share of every part; they add up to 1.",
        _ => "The predicted values, in the units of the targets.",
    };
}
