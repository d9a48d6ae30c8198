using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Gives every unit's incoming weights the length 1: <c>w /= |w|</c>, with the Euclidean norm. A unit whose weights are all zero has
/// no direction and stays as it is.
/// </summary>
public sealed record UnitNorm : WeightConstraint
{
    internal override void Project(MatrixSpan weights, Span<double> scratch)
    {
        foreach (ref double factor in ColumnScaling.Norms(weights, scratch))
        {
            factor = factor > 0 && double.IsFinite(factor) ? 1 / factor : 1;
        }

        ColumnScaling.Scale(weights, scratch);
    }
}
