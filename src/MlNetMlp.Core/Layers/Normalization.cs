using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a hidden layer does to its weighted sums before the activation, or to the weights in them.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>kind</term><description>what the activation sees of a unit; learned; at scoring time</description></listheader>
/// <item><term><see cref="Batch"/></term><description>
/// <c>gamma (z - mean) / deviation + beta</c> with mean and deviation of the mini-batch; gamma and beta; stored statistics, folded into the weights. The
/// first to try for deep networks with mini-batches of 32 rows or more.
/// </description></item>
/// <item><term><see cref="BatchRenormalization"/></term><description>
/// the same, corrected towards moving averages; for small or uneven mini-batches.
/// </description></item>
/// <item><term><see cref="Layer"/></term><description>
/// <c>gamma (z - mean) / deviation + beta</c> over the units of one row; gamma and beta; a step of its own. Independent of mini-batches.
/// </description></item>
/// <item><term><see cref="Weight"/></term><description>
/// <c>g v x / |v| + b</c>; g, v and b; folded into plain weights. Costs next to nothing, and normalizes nothing but the scale of learning.
/// </description></item>
/// <item><term><see cref="Cosine"/></term><description>
/// <c>w x / (|w| |x|)</c>, in [-1, 1]; w; a step of its own for |x|. Bounded for any input.
/// </description></item>
/// </list>
/// </remarks>
public abstract record Normalization : ISettings
{
    private protected Normalization()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>BatchNormalization { Momentum = 0.9 }</c>.</summary>
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>Whether units keep a bias, or have a shift in its place.</summary>
    internal virtual bool HasBias => true;

    /// <summary>Whether every step needs all weights of the layer, also those of features that are zero in all rows.</summary>
    internal virtual bool NeedsAllWeights => false;

    /// <summary>Whether mean and deviation are taken over the rows of a mini-batch, of which at least two are needed.</summary>
    internal virtual bool IsOverRows => false;

    /// <summary>Whether the gradient is the slope of the very loss that the forward pass computes, as a line search needs it.</summary>
    internal virtual bool HasExactGradient => true;

    /// <summary>The same without what only a training run needs to know: what the parameters belong to.</summary>
    internal virtual Normalization Learned => this;

    /// <summary>Batch normalization with its default settings.</summary>
    public static Normalization Batch { get; } = new BatchNormalization();

    /// <summary>Batch renormalization with its default settings.</summary>
    public static Normalization BatchRenormalization { get; } = new BatchRenormalization();

    /// <summary>Layer normalization with its default settings.</summary>
    public static Normalization Layer { get; } = new LayerNormalization();

    /// <summary>Weight normalization.</summary>
    public static Normalization Weight { get; } = new WeightNormalization();

    /// <summary>Cosine normalization with its default settings.</summary>
    public static Normalization Cosine { get; } = new CosineNormalization();

    /// <summary>The layers that take the place of a dense layer, in the order of the forward pass.</summary>
    /// <param name="settings">The dense layer.</param>
    /// <param name="layout">Receives the parameters.</param>
    internal abstract IEnumerable<Layer> CreateLayers(LayerSettings settings, ParameterLayout layout);
}
