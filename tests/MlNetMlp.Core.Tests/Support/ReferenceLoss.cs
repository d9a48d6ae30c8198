namespace MlNetMlp.Core.Tests;

/// <summary>The losses of one row in double precision, from their definitions.</summary>
internal static class ReferenceLoss
{
    public static double Of(Loss loss, double[] logits, double[] targets) => loss switch
    {
        SoftmaxCrossEntropy => -Math.Log(Softmax(logits)[(int)targets[0]]),
        SigmoidCrossEntropy => -targets[0] * Math.Log(ReferenceActivation.Sigmoid(logits[0]))
            - (1 - targets[0]) * Math.Log(ReferenceActivation.Sigmoid(-logits[0])),
        SquaredError => logits.Zip(targets, (z, y) => (z - y) * (z - y)).Sum() / 2,
        _ => throw new NotSupportedException(loss.ToString()),
    };

    public static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(z => Math.Exp(z - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
