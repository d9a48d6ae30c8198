using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How far an epoch moved all that is learned: <c>sum |w - w_old|</c>.</summary>
internal sealed class WeightChange(ParameterVector parameters)
{
    private const string StateName = "weight change";

    private readonly float[] _before = new float[parameters.Layout.TrainableLength];
    private readonly AlignedBuffer _value = new(sizeof(double) / sizeof(float));

    /// <summary>The change of the last epoch.</summary>
    public double Value => In([State]);

    /// <summary>It is carried over a stop between two epochs.</summary>
    public OptimizerState State => new(StateName, _value);

    /// <summary>The change of the last epoch that the state of a training run tells of; 0 if it tells of none.</summary>
    public static double In(IReadOnlyList<OptimizerState> state) =>
        state.FirstOrDefault(one => one.Name == StateName) is { } change ? MemoryMarshal.Cast<float, double>(change.Values.Span)[0] : 0;

    /// <summary>Notes where an epoch begins.</summary>
    public void Begin() => parameters.Trainable.CopyTo(_before);

    /// <summary>Computes how far it has come.</summary>
    public void End()
    {
        double sum = 0;
        ReadOnlySpan<float> after = parameters.Trainable;
        for (int i = 0; i < after.Length; i++)
        {
            sum += Math.Abs((double)after[i] - _before[i]);
        }

        MemoryMarshal.Cast<float, double>(_value.Span)[0] = sum;
    }
}
