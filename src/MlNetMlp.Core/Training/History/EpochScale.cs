namespace MlNetMlp;

/// <summary>The horizontal scale that all diagrams share.</summary>
/// <param name="Left">The left edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Count">The number of epochs.</param>
internal sealed record EpochScale(double Left, double Right, int Count)
{
    /// <summary>From one epoch to the next.</summary>
    public double Step => (Right - Left) / Math.Max(Count, 1);

    /// <summary>The numbers of the epochs, from 0, that are written below.</summary>
    public IEnumerable<int> Ticks
    {
        get
        {
            int step = (int)Math.Max(1, CurveAxis.RoundStep(Count / 10.0));
            return Enumerable.Range(0, Count).Where(epoch => epoch == 0 || (epoch + 1) % step == 0);
        }
    }

    /// <summary>Where epoch number <paramref name="epoch"/>, from 0, lies: each has a strip of its own, and the point is in its middle.</summary>
    public double X(int epoch) => Left + ((epoch + 0.5) * Step);
}
