namespace MlNetMlp.Diagnostics;

/// <summary>The loss of the best model that does not look at the features.</summary>
internal static class ConstantModel
{
    /// <summary>
    /// The least mean loss of outputs of zero, of the logarithms of the mean targets, of the mean targets, and of a vote for the commonest
    /// class.
    /// </summary>
    /// <remarks>Exact for the cross-entropies, the divergence and the squared error; near enough for the others.</remarks>
    public static double LeastLoss(NetworkProbe probe, Loss loss)
    {
        double[] shares = MeanTargets(probe, loss);
        int commonest = Array.IndexOf(shares, shares.Max());
        float[] zero = new float[probe.Architecture.OutputSize];
        IEnumerable<float[]> candidates = loss.Task switch
        {
            LossTask.Binary => [[Logit(shares[0])], [shares[0] > 0.5 ? 1 : -1]],
            LossTask.Multiclass => [[.. shares.Select(Log)], [.. shares.Select((_, k) => k == commonest ? 1f : 0f)]],
            _ => [[.. shares.Select(share => (float)share)], [.. shares.Select(Log)]],
        };
        return candidates.Prepend(zero).Min(outputs => probe.MeanLossOfConstant(outputs));
    }

    /// <summary>The share of each class, or the mean of each target.</summary>
    private static double[] MeanTargets(NetworkProbe probe, Loss loss)
    {
        bool isMulticlass = loss.Task == LossTask.Multiclass;
        var sums = new double[isMulticlass ? probe.Architecture.OutputSize : probe.Targets.Columns];
        double total = 0;
        for (int i = 0; i < probe.Rows; i++)
        {
            double weight = probe.Weights[i];
            total += weight;
            for (int k = 0; k < probe.Targets.Columns; k++)
            {
                float target = probe.Targets.Row(i)[k];
                sums[isMulticlass ? (int)target : k] += weight * (isMulticlass ? 1 : target);
            }
        }

        return [.. sums.Select(sum => sum / total)];
    }

    private static float Log(double share) => (float)Math.Log(Math.Max(share, 1e-6));

    private static float Logit(double share) => Log(share) - Log(1 - share);
}
