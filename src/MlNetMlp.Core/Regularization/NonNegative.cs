using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Lets no weight fall below zero: <c>w = max(w, 0)</c>.</summary>
/// <remarks>
/// Without normalization, and with activations that never fall, no output of such a network falls when a feature rises: the features
/// are standardized with factors of at least 0. Daniel D. Lee and H. Sebastian Seung, "Learning the parts of objects by non-negative matrix
/// factorization", 1999.
/// </remarks>
public sealed record NonNegative : WeightConstraint
{
    internal override void Project(MatrixSpan weights, Span<double> scratch) => TensorPrimitives.Max(weights.Values, 0f, weights.Values);
}
