using System.Numerics.Tensors;

namespace MlNetMlp;

/// <summary>See <see cref="GradientClipping.ByNorm"/>.</summary>
internal sealed record ClipByNorm(float Limit) : GradientClipping
{
    internal override double Apply(Span<float> gradients)
    {
        double norm = Norm(gradients);

        // An infinite norm would turn the finite elements to zero and hide that the training has diverged.
        if (norm > Limit && double.IsFinite(norm))
        {
            TensorPrimitives.Multiply(gradients, (float)(Limit / norm), gradients);
        }

        return norm;
    }
}
