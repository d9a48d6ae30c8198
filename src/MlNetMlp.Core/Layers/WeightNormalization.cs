namespace MlNetMlp;

/// <summary>
/// Weight normalization: the weights of a unit are <c>w = g v / |v|</c>, with a length g and a direction v learned separately, so that a step
/// along one does not disturb the other. Biases are kept.
/// </summary>
/// <remarks>
/// <para>
/// The initializer draws v, and g begins at |v|: the network begins as it would without the normalization. The paper's initialization from
/// the first mini-batch is not done; features are standardized here. Training and scoring do the same, whatever the size of the mini-batch,
/// and scoring folds g and v into plain weights. A unit whose v is all zero outputs its bias and stays that way:
/// <see cref="Initializer.Zero"/> teaches nothing here.
/// </para>
/// <para>
/// L1, L2 and weight decay apply to v, like all weights, and not to g, which is a gain. So L1 still makes weights zero; L2 does not
/// shorten the weights, whose length is g, but keeps v from growing and thereby sets the pace at which the direction turns, as it does in
/// front of batch normalization. A <see cref="WeightConstraint"/> holds for the weights w themselves.
/// </para>
/// <para>
/// Tim Salimans and Diederik P. Kingma, Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks,
/// 2016.
/// </para>
/// </remarks>
public sealed record WeightNormalization : Normalization
{
    internal override bool NeedsAllWeights => true;

    internal override IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout) =>
        [new DirectedDenseLayer(settings, hasGain: true, epsilon: 0, layout)];
}
