using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>The affine map between the targets as they were given and as the network learns them: <c>given = scale learned + offset</c>.</summary>
/// <param name="offset">[outputs].</param>
/// <param name="scale">[outputs]; 0 for a target that was the same in all training rows: its score is the offset, whatever the network says.</param>
internal sealed class TargetUnits(float[] offset, float[] scale)
{
    private readonly float[] _learnedScale = [.. scale.Select(value => value == 0 ? 1 : value)];

    public ReadOnlySpan<float> Offset => offset;

    /// <summary>What scores are kept within, in the units of the targets; null: nothing.</summary>
    public ValueLimits? Limits { get; private init; }

    /// <summary>What a learned difference of 1 is worth in the units of the targets.</summary>
    public ReadOnlySpan<float> Scale => _learnedScale;

    /// <summary>The same, but 0 for constant targets: what outputs are multiplied by when they are scored.</summary>
    public ReadOnlySpan<float> ScoringScale => scale;

    /// <summary>The number of targets that were the same in all training rows.</summary>
    public int ConstantCount => scale.Count(value => value == 0);

    /// <summary>No change: offsets 0, scales 1.</summary>
    public static TargetUnits AsGiven(int outputs)
    {
        float[] ones = new float[outputs];
        ones.AsSpan().Fill(1);
        return new(new float[outputs], ones);
    }

    /// <summary>The same with other limits, or none.</summary>
    public TargetUnits With(ValueLimits? limits) => new(offset, scale) { Limits = limits };

    /// <summary>Maps given targets [rows, outputs] to learned ones, in place.</summary>
    public void ToLearned(Span<float> targets)
    {
        for (; targets.Length > 0; targets = targets[offset.Length..])
        {
            Span<float> row = targets[..offset.Length];
            TensorPrimitives.Subtract(row, offset, row);
            TensorPrimitives.Divide(row, _learnedScale, row);
        }
    }
}
