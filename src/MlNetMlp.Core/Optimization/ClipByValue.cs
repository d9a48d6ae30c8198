using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>See <see cref="GradientClipping.ByValue"/>. NaN stays NaN, so that a diverged training is still noticed.</summary>
internal sealed record ClipByValue(float Limit) : GradientClipping
{
    internal override bool Changes(double norm) => true;

    internal override void Clip(Span<float> gradients, double norm) => TensorPrimitives.Clamp(gradients, -Limit, Limit, gradients);
}
