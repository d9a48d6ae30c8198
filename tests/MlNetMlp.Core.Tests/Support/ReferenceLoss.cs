namespace MlNetMlp.Core.Tests;

/// <summary>The losses of one row in double precision, from their definitions.</summary>
internal static class ReferenceLoss
{
    public static double Of(Loss loss, double[] logits, double[] targets) => loss switch
    {
        SoftmaxCrossEntropy softmax => -Softmax(logits).Select((p, j) => Smoothed(softmax, j == (int)targets[0], logits.Length) * Math.Log(p)).Sum(),
        SigmoidCrossEntropy sigmoid => -Smoothed(sigmoid, targets[0]) * Math.Log(ReferenceActivation.Sigmoid(logits[0]))
            - (1 - Smoothed(sigmoid, targets[0])) * Math.Log(ReferenceActivation.Sigmoid(-logits[0])),
        SoftmaxSquaredError => Softmax(logits).Select((p, j) => Math.Pow(p - (j == (int)targets[0] ? 1 : 0), 2)).Sum() / 2,
        MulticlassSquaredError => logits.Select((z, j) => Math.Pow(z - (j == (int)targets[0] ? 1 : 0), 2)).Sum() / 2,
        SigmoidSquaredError => Math.Pow(ReferenceActivation.Sigmoid(logits[0]) - targets[0], 2) / 2,
        SquaredError => logits.Zip(targets, (z, y) => (z - y) * (z - y)).Sum() / 2,
        AbsoluteError => logits.Zip(targets, (z, y) => Math.Abs(z - y)).Sum(),
        HuberLoss huber => logits.Zip(targets, (z, y) => Math.Abs(z - y) <= huber.Delta
            ? (z - y) * (z - y) / 2
            : huber.Delta * (Math.Abs(z - y) - huber.Delta / 2.0)).Sum(),
        MulticlassHinge => Margins(logits, (int)targets[0]).Sum(margin => Math.Max(0, margin)),
        SquaredMulticlassHinge => Margins(logits, (int)targets[0]).Sum(margin => Math.Pow(Math.Max(0, margin), 2)),
        BinaryHinge => Math.Max(0, 1 - (2 * targets[0] - 1) * logits[0]),
        PerceptronLoss => Math.Max(0, -(2 * targets[0] - 1) * logits[0]),
        KullbackLeiblerDivergence => Softmax(logits).Zip(targets, (p, t) => t > 0 ? t * Math.Log(t / p) : 0).Sum(),
        CosineProximity => 1 - logits.Zip(targets, (z, y) => z * y).Sum() / Math.Sqrt(logits.Sum(z => z * z) * targets.Sum(y => y * y)),
        CustomBinaryLoss { Name: "exponential" } => Math.Exp(-(2 * targets[0] - 1) * logits[0]),
        CustomMulticlassLoss { Name: "focal" } => -Math.Pow(1 - Softmax(logits).ElementAt((int)targets[0]), 2)
            * Math.Log(Softmax(logits).ElementAt((int)targets[0])),
        CustomRegressionLoss { Name: "Poisson" } => logits.Zip(targets, (z, y) => Math.Exp(z) - y * z).Sum(),
        CustomRegressionLoss { Name: "quartic" } => logits.Zip(targets, (z, y) => Math.Pow(z - y, 4) / 4).Sum(),
        _ => throw new NotSupportedException(loss.ToString()),
    };

    /// <summary>How near the loss of a row is to a point where its derivative jumps; infinity for smooth losses.</summary>
    public static double KinkDistance(Loss loss, double[] logits, double[] targets) => loss switch
    {
        AbsoluteError => logits.Zip(targets, (z, y) => Math.Abs(z - y)).Min(),
        MulticlassHinge => Margins(logits, (int)targets[0]).Min(Math.Abs),
        BinaryHinge => Math.Abs(1 - (2 * targets[0] - 1) * logits[0]),
        PerceptronLoss => Math.Abs(logits[0]),
        _ => double.PositiveInfinity,
    };

    private static double Smoothed(SoftmaxCrossEntropy loss, bool isTrue, int classes) => (isTrue ? 1.0 - loss.LabelSmoothing
        : 0) + loss.LabelSmoothing / (double)classes;

    private static double Smoothed(SigmoidCrossEntropy loss, double target) => target + loss.LabelSmoothing * (0.5 - target);

    private static IEnumerable<double> Margins(double[] logits, int target) =>
        logits.Where((_, j) => j != target).Select(z => z - logits[target] + 1);

    public static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(z => Math.Exp(z - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
