using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary><c>f(gamma X^ + beta)</c>, row by row: mean and variance depend on the row, so no weights can take them in.</summary>
internal sealed class LayerNormalizationStep(float[] gain, float[] shift, float epsilon, Activation activation) : ScoringStep(gain.Length, gain.Length)
{
    /// <summary>gamma, [units].</summary>
    public ReadOnlySpan<float> Gain => gain;

    /// <summary>beta, [units].</summary>
    public ReadOnlySpan<float> Shift => shift;

    public float Epsilon => epsilon;

    /// <summary>f.</summary>
    public Activation Activation => activation;

    public override void Apply(ReadOnlyMatrixSpan input, MatrixSpan output)
    {
        for (int i = 0; i < input.Rows; i++)
        {
            Span<float> row = output.Row(i);
            LayerNormalizationLayer.Normalize(input.Row(i), epsilon, row);
            TensorPrimitives.MultiplyAdd(row, gain, shift, row);
        }

        activation.Apply(output.Values);
    }
}
