using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>How alive the units of one hidden layer are.</summary>
/// <param name="Dead">The share of rectified units that are zero for all rows; null for other units.</param>
/// <param name="Saturated">The share of activations at the limits of sigmoid or tanh; null for other units.</param>
/// <param name="Histogram">How the activations are distributed; null if one is not finite.</param>
internal readonly record struct UnitActivity(double? Dead, double? Saturated, ActivationHistogram? Histogram)
{
    /// <summary>The part of the steepest slope below which an activation is at its limits.</summary>
    private const float FlatPart = 1f / 20;

    /// <summary>Of the hidden layers in the last pass of a probe.</summary>
    public static UnitActivity[] Of(NetworkProbe probe)
    {
        int rows = probe.Rows * probe.Architecture.SharedMembers;
        return [.. probe.Activations.Zip(probe.Architecture.HiddenLayers, (values, layer) => Of(values.Span[..(rows * layer.Units)], layer))];
    }

    private static UnitActivity Of(ReadOnlySpan<float> values, HiddenLayer layer) => new(
        layer.Activation.CanDie ? DeadShare(values, layer.Units) : null,
        layer.Activation.SteepestSlope is { } steepest ? FlatShare(values, layer.Activation, FlatPart * steepest) : null,
        ActivationHistogram.Of(values));

    private static double DeadShare(ReadOnlySpan<float> values, int units)
    {
        bool[] lives = new bool[units];
        for (int i = 0; i < values.Length; i++)
        {
            lives[i % units] |= values[i] > 0;
        }

        return (double)lives.Count(life => !life) / units;
    }

    private static double FlatShare(ReadOnlySpan<float> values, Activation activation, float limit)
    {
        float[] slopes = new float[values.Length];
        slopes.AsSpan().Fill(1);
        activation.MultiplyByDerivative(values, slopes);
        return (double)slopes.Count(slope => slope < limit) / slopes.Length;
    }
}
