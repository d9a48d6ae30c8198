using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What weights must satisfy after every step of the training: the optimizer's weights are replaced by the nearest allowed
/// ones. It holds for the weights of all layers, the output layer too, that have none of their own, and never for biases or normalization gains.
/// </summary>
/// <remarks>
/// The projection is the last act of a step, after L1. Starting weights are projected by the first step. A network with batch
/// normalization is indifferent to the length of a unit's weights, so there a constraint on the norm sets the pace of learning only. With
/// weight normalization, what is constrained is the product of length and direction, the weights that the network computes with.
/// </remarks>
public abstract record WeightConstraint : ISettings
{
    private protected WeightConstraint()
    {
    }

    /// <summary>No constraint: leaves a layer out of the one that holds for the others, see <see cref="HiddenLayer.Constraint"/>.</summary>
    public static WeightConstraint None { get; } = new NoConstraint();

    /// <summary>The name, and what is not as it is by default, for example <c>MaxNorm { Limit = 3 }</c>.</summary>
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>Projects the weights of one layer in place. What is not finite stays so, for the training to notice.</summary>
    /// <param name="weights">[inputs, units]; a column has the incoming weights of a unit.</param>
    /// <param name="scratch">At least twice as many as there are units.</param>
    internal abstract void Project(MatrixSpan weights, Span<double> scratch);
}
