using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a hidden layer does to its weighted sums before the activation, or to the weights in them.</summary>
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
