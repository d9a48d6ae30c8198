using MlNetMlp.Numerics;

namespace MlNetMlp.Diagnostics;

/// <summary>How alive the units of one hidden layer are.</summary>
/// <param name="Dead">The share of rectified units that are zero for all rows; null for other units.</param>
/// <param name="Saturated">The share of activations at the limits of sigmoid or tanh; null for other units.</param>
internal readonly record struct UnitActivity(double? Dead, double? Saturated)
{
    /// <summary>Where the slope is less than a twentieth of the steepest, of <c>a (1 - a)</c> and <c>1 - a^2</c>.</summary>
    private const float FlatSigmoid = 0.25f / 20, FlatTanh = 1f / 20;

    /// <summary>Of the hidden layers in the last pass of a probe.</summary>
    public static UnitActivity[] Of(NetworkProbe probe) =>
        [.. probe.Activations.Zip(probe.Architecture.HiddenLayers, (values, layer) => Of(values.Span[..(probe.Rows * layer.Units)], layer))];

    private static UnitActivity Of(ReadOnlySpan<float> values, HiddenLayer layer) => layer.Activation switch
    {
        ReluActivation => new(DeadShare(values, layer.Units), null),
        SigmoidActivation => new(null, FlatShare(values, a => a * (1 - a) < FlatSigmoid)),
        TanhActivation => new(null, FlatShare(values, a => 1 - a * a < FlatTanh)),
        _ => default,
    };

    private static double DeadShare(ReadOnlySpan<float> values, int units)
    {
        bool[] lives = new bool[units];
        for (int i = 0; i < values.Length; i++)
        {
            lives[i % units] |= values[i] > 0;
        }

        return (double)lives.Count(life => !life) / units;
    }

    private static double FlatShare(ReadOnlySpan<float> values, Func<float, bool> isFlat)
    {
        int flat = 0;
        foreach (float value in values)
        {
            flat += isFlat(value) ? 1 : 0;
        }

        return (double)flat / values.Length;
    }
}
