using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="WeightConstraint.None"/>.</summary>
internal sealed record NoConstraint : WeightConstraint
{
    internal override void Project(MatrixSpan weights, Span<double> scratch)
    {
    }
}
