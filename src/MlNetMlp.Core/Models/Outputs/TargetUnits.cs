using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>The affine map between the targets as they were given and as the network learns them: <c>given = scale learned + offset</c>.</summary>
internal sealed class TargetUnits(float[] offset, float[] scale)
{
    public ReadOnlySpan<float> Offset => offset;

    public ReadOnlySpan<float> Scale => scale;

    /// <summary>No change: offsets 0, scales 1.</summary>
    public static TargetUnits AsGiven(int outputs)
    {
        float[] ones = new float[outputs];
        ones.AsSpan().Fill(1);
        return new(new float[outputs], ones);
    }

    /// <summary>Maps given targets [rows, outputs] to learned ones, in place.</summary>
    public void ToLearned(Span<float> targets)
    {
        for (; targets.Length > 0; targets = targets[offset.Length..])
        {
            Span<float> row = targets[..offset.Length];
            TensorPrimitives.Subtract(row, offset, row);
            TensorPrimitives.Divide(row, scale, row);
        }
    }
}
