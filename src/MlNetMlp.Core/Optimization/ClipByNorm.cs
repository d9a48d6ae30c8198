using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>See <see cref="GradientClipping.ByNorm"/>.</summary>
internal sealed record ClipByNorm(float Limit) : GradientClipping
{
    // An infinite norm would turn the finite elements to zero and hide that the training has diverged.
    internal override bool Changes(double norm) => norm > Limit && double.IsFinite(norm);

    internal override void Clip(Span<float> gradients, double norm) => TensorPrimitives.Multiply(gradients, (float)(Limit / norm), gradients);
}
