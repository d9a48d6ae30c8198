namespace MlNetMlp.Diagnostics;

/// <summary>The loss of the best model that does not look at the features.</summary>
internal static class ConstantModel
{
    /// <summary>The least mean loss of outputs of zero and of <see cref="Loss.BestConstant"/>.</summary>
    public static double LeastLoss(NetworkProbe probe, Loss loss)
    {
        float[] zero = new float[probe.Architecture.OutputSize], best = new float[zero.Length];
        loss.BestConstant(probe.Targets, probe.Weights, best);
        return Math.Min(probe.MeanLossOfConstant(zero), probe.MeanLossOfConstant(best));
    }
}
