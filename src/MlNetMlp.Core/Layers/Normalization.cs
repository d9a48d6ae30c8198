namespace MlNetMlp;

/// <summary>What a hidden layer does to its weighted sums before the activation.</summary>
public abstract record Normalization
{
    private protected Normalization()
    {
    }

    /// <summary>Batch normalization with its default settings.</summary>
    public static Normalization Batch { get; } = new BatchNormalization();

    /// <summary>Layer normalization with its default settings.</summary>
    public static Normalization Layer { get; } = new LayerNormalization();
}
