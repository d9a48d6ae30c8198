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

    /// <summary><c>e^z - y z</c> of each output, whose exponential is the score.</summary>
    public static RegressionLoss Poisson { get; } = RegressionLoss.Custom("Poisson", (outputs, targets, gradient) =>
    {
        double loss = 0;
        for (int k = 0; k < outputs.Length; k++)
        {
            double mean = Math.Exp(outputs[k]);
            gradient[k] = (float)(mean - targets[k]);
            loss += mean - targets[k] * (double)outputs[k];
        }

        return loss;
    }, output: OutputFunction.Exponential);

    /// <summary><c>m = 0.9 m + 0.1 g^2; w -= eta g / sqrt(m + 1e-8)</c>: a built-in rule once more.</summary>
    public static MiniBatchOptimizer RootMeanSquare { get; } = Optimizer.Custom("root mean square", 1, (parameter, gradient, state, rate, step) =>
    {
        state[0] = 0.9f * state[0] + 0.1f * gradient * gradient;
        return parameter - rate * gradient / MathF.Sqrt(state[0] + 1e-8f);
    });

    /// <summary><c>w -= eta g</c>, with the roundings of the built-in rule.</summary>
    public static MiniBatchOptimizer Descent { get; } = Optimizer.Custom(
        "descent", 0, (parameter, gradient, state, rate, step) => MathF.FusedMultiplyAdd(-rate, gradient, parameter));

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
