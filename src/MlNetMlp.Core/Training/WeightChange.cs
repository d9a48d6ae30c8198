using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How far an epoch moved all that is learned: <c>sum |w - w_old|</c>.</summary>
internal sealed class WeightChange(ParameterVector parameters)
{
    private readonly float[] _before = new float[parameters.Layout.TrainableLength];
    private readonly AlignedBuffer _value = new(sizeof(double) / sizeof(float));

    /// <summary>The change of the last epoch.</summary>
    public double Value => MemoryMarshal.Cast<float, double>(_value.Span)[0];

    /// <summary>It is carried over a stop between two epochs.</summary>
    public OptimizerState State => new("weight change", _value);

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
