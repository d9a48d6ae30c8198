namespace MlNetMlp.TestSupport;

/// <summary>Parts of a training as a user would write them.</summary>
internal static class CustomParts
{
    static CustomParts() => Activation.Register(Softsign);

    public static Activation Softsign { get; } = Activation.Custom(
        "softsign", z => z / (1 + Math.Abs(z)), z => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z))));

    /// <summary><c>exp(-t z)</c> of t = 1 or -1.</summary>
    public static BinaryLoss Exponential { get; } = BinaryLoss.Custom("exponential", (outputs, targets, gradient) =>
    {
        double t = 2 * targets[0] - 1, loss = Math.Exp(-t * outputs[0]);
        gradient[0] = (float)(-t * loss);
        return loss;
    });

    /// <summary><c>-(1 - p)^2 log p</c> of the probability p of the class.</summary>
    public static MulticlassLoss Focal { get; } = MulticlassLoss.Custom("focal", (outputs, targets, gradient) =>
    {
        int y = (int)targets[0];
        double sum = 0;
        foreach (float z in outputs)
        {
            sum += Math.Exp(z);
        }

        double p = Math.Exp(outputs[y]) / sum, byLogarithm = 2 * (1 - p) * p * Math.Log(p) - (1 - p) * (1 - p);
        for (int j = 0; j < outputs.Length; j++)
        {
            gradient[j] = (float)(byLogarithm * ((j == y ? 1 : 0) - Math.Exp(outputs[j]) / sum));
        }

        return -(1 - p) * (1 - p) * Math.Log(p);
    });

    /// <summary><c>sum d^4 / 4</c> of the differences.</summary>
    public static RegressionLoss Quartic { get; } = RegressionLoss.Custom("quartic", (outputs, targets, gradient) =>
    {
        double loss = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            double difference = (double)outputs[k] - targets[k];
            gradient[k] = (float)(difference * difference * difference);
            loss += Math.Pow(difference, 4) / 4;
        }

        return loss;
    }, standardizeTargets: true);

    /// <summary><c>1/2 sum d^2</c> of the differences: a built-in loss once more.</summary>
    public static RegressionLoss Squared(bool standardizeTargets) => RegressionLoss.Custom("squared", (outputs, targets, gradient) =>
    {
        double loss = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            gradient[k] = outputs[k] - targets[k];
            loss += 0.5 * gradient[k] * gradient[k];
        }

        return loss;
    }, standardizeTargets);
}
