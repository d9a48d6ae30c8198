namespace MlNetMlp.Diagnostics;

/// <summary>How the activations of a hidden layer are distributed, over units and rows.</summary>
public sealed record ActivationHistogram
{
    private const int Bins = 30;

    private ActivationHistogram()
    {
    }

    /// <summary>Their mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Their standard deviation.</summary>
    public required double Deviation { get; init; }

    /// <summary>The smallest.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest.</summary>
    public required double Maximum { get; init; }

    /// <summary>
    /// How many lie in each of 30 bins of the same width from <see cref="Minimum"/> to <see cref="Maximum"/>; all in the first if they are equal.
    /// </summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Mean, deviation and range in one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"mean {Mean:G3}, deviation {Deviation:G3}, from {Minimum:G3} to {Maximum:G3}");

    /// <summary>Of these values; null if one of them is not finite.</summary>
    internal static ActivationHistogram? Of(ReadOnlySpan<float> values)
    {
        double sum = 0, minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (float value in values)
        {
            sum += value;
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
        }

        if (!double.IsFinite(sum))
        {
            return null;
        }

        double mean = sum / values.Length, squares = 0;
        int[] counts = new int[Bins];
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
            counts[maximum > minimum ? Math.Min(Bins - 1, (int)(Bins * ((value - minimum) / (maximum - minimum)))) : 0]++;
        }

        return new() { Mean = mean, Deviation = Math.Sqrt(squares / values.Length), Minimum = minimum, Maximum = maximum, Counts = counts };
    }
}
