using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Momentum with orthogonal steps: a hidden layer's weights W [inputs, units] move by the matrix nearest to their momentum whose singular values are all
/// about 1, so that the directions that the loss seldom asks for are learned as fast as the common ones. All other parameters make the steps of
/// <see cref="AdamW"/>.
/// </summary>
/// <remarks>
/// <para>
/// <c>M = mu M + (1 - mu) G; O = orthogonal(mu M + (1 - mu) G); W -= 0.2 sqrt(max(inputs, units)) eta O</c>, where <c>orthogonal(U V^T S) = U V^T</c> is
/// approximated by a Newton-Schulz iteration. The factor gives the steps the size that those of Adam usually have, so that both parts share one learning
/// rate. M and G are the momentum, 0 at first, and the gradient.
/// </para>
/// <para>
/// Orthogonal are the steps of the hidden layers' weights, but not of those that read sparse features. Biases, normalizations, shared members' scales
/// and the output layer belong to Adam, with <see cref="AdaptiveMomentOptimizer.Beta1"/>, <see cref="AdaptiveMomentOptimizer.Beta2"/> and
/// <see cref="AdaptiveMomentOptimizer.Epsilon"/>.
/// </para>
/// <para>
/// Cost of a step, beside that of Adam: with s the smaller and l the larger side of a matrix, about <c>2 l s^2 + 5 s^3</c> multiplications, where the
/// gradient of a mini-batch takes <c>3 l s</c> for every row. Fine for the layers of tables, of 32 to 256 units; very wide ones want large mini-batches.
/// </para>
/// <para>
/// Keller Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024; the factor: Jingyuan Liu et al., "Muon is scalable for LLM
/// training", 2025.
/// </para>
/// </remarks>
public sealed record Muon : AdaptiveMomentOptimizer
{
    /// <summary>With its defaults.</summary>
    public Muon() => WeightDecay = AdamW.DefaultWeightDecay;

    /// <summary><c>mu</c>, the share of a matrix' momentum that is kept in a step, in [0, 1). Default 0.95.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Momentum { get; init => field = Require.InRangeBelow(value, 0, 1, nameof(Momentum)); } = 0.95f;

    internal override IOptimizerRule CreateRule(int parameterCount) =>
        new AdamW { Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon }.CreateRule(parameterCount);

    internal override IOptimizerRule CreateRule(ParameterVector parameters, ThreadTeam team)
    {
        Parameter[] matrices = EquallyLong(parameters);
        IOptimizerRule others = CreateRule(parameters.Layout.TrainableLength);
        return matrices.Length > 0 ? new MuonRule(others, Momentum, matrices, parameters, team) : others;
    }

    internal override Parameter[] EquallyLong(ParameterVector parameters) =>
    [
        .. parameters.Layout.Parameters.Where(parameter => IsOrthogonal(parameter) && parameters.ActiveRows?.Matrices.Contains(parameter) != true),
    ];

    private static bool IsOrthogonal(Parameter parameter) =>
        parameter is { Decays: true, Part.IsHidden: true, Rows: > 1, Columns: > 1 };
}
