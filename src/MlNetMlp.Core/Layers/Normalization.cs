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
/// <c>gamma (z - mean) / deviation + beta</c> over the units of one row; gamma and beta; a step of its own. Does not know of mini-batches.
/// </description></item>
/// <item><term><see cref="Weight"/></term><description>
/// <c>g v x / |v| + b</c>; g, v and b; folded into plain weights. Costs next to nothing, and normalizes nothing but the scale of learning.
/// </description></item>
/// <item><term><see cref="Cosine"/></term><description>
/// <c>w x / (|w| |x|)</c>, in [-1, 1]; w; a step of its own for |x|. Bounded whatever comes in.
/// </description></item>
/// </list>
/// </remarks>
public abstract record Normalization : ISettings
{
    private protected Normalization()
    {
    }

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
}
