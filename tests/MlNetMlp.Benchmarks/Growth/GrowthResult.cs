using MlNetMlp.Benchmarks.SideBySide;

namespace MlNetMlp.Benchmarks.Growth;

/// <summary>What was measured of one training.</summary>
/// <param name="Case">The training.</param>
/// <param name="Seconds">The median of its epochs.</param>
/// <param name="Spread">Half the distance between the quartiles of its epochs, as a part of the median.</param>
/// <param name="ProcessorSeconds">The median of the processor's time of an epoch, over all threads: it says more where the machine does other work.</param>
/// <param name="OtherSeconds">
/// The processor's time of a training beside its epochs: the pass that measures the rows, making the network, and the model at the end.
/// </param>
/// <param name="AllocatedBytes">What a training of two epochs allocates, the rows not counted.</param>
internal sealed record GrowthResult(GrowthCase Case, double Seconds, double Spread, double ProcessorSeconds, double OtherSeconds, long AllocatedBytes)
{
    public static GrowthResult Of(GrowthCase what, List<double> epochs, List<double> processor, List<double> others, long bytes)
    {
        double[] sorted = [.. epochs.Order()];
        double median = Rounds.Median(epochs);
        double spread = (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 2 / median;
        return new(what, median, spread, Rounds.Median(processor), Math.Max(0, Rounds.Median(others)), bytes);
    }
}
