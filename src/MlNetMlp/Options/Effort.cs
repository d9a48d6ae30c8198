using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How much work goes into a model: a table of options by the number of training rows, for those that are not set. What is set, wins.</summary>
/// <remarks>
/// <para>
/// Of dense rows, every effort but <see cref="Plain"/> has an <see cref="Ensemble.Shared"/> whose inputs are encoded piecewise-linearly in up to 32 bins
/// (4,096 of all numbers together), sees what is missing (<see cref="MlpTrainingOptions.MissingIndicators"/>) and leaves indicators as they are
/// (<see cref="FeatureScaling.StandardizeNumbers"/>); <see cref="AdamW"/> with a decay of 3e-4, a learning rate from 0.005 to 0 along a cosine, gradients
/// clipped at norm 1:
/// </para>
/// <list type="table">
/// <listheader><term>effort</term><description>members; hidden layers; epochs below 1,000 rows, below 10,000, from there on</description></listheader>
/// <item><term><see cref="Fast"/></term><description>4; 64, 64; 20, 10, 10</description></item>
/// <item><term><see cref="Balanced"/></term><description>8; 64, 64, 64; 20, 16, 12</description></item>
/// <item><term><see cref="Best"/></term><description>16; 128, 128, 128; 24, 24, 24</description></item>
/// </list>
/// <para>
/// Of sparse rows, such as texts, one network with a hidden layer of 64 units with dropout 0.5, <see cref="AdamW"/> with a decay of 3e-4, and
/// <see cref="EarlyStopping"/>, whatever the effort. A model that the training continues from keeps its layers and members.
/// </para>
/// <para>
/// Gorishniy, Kotelnikov and Babenko, TabM: Advancing Tabular Deep Learning with Parameter-Efficient Ensembling, 2025; Gorishniy, Rubachev and Babenko,
/// On Embeddings for Numerical Features in Tabular Deep Learning, 2022.
/// </para>
/// </remarks>
public sealed record Effort : ISettings
{
    private readonly string _name;

    private Effort(string name) => _name = name;

    /// <summary>One network of the features as they are scaled, each option at the default that it names.</summary>
    public static Effort Plain { get; } = new(nameof(Plain));

    /// <summary>About half of the time of <see cref="Balanced"/>.</summary>
    public static Effort Fast { get; } = new(nameof(Fast));

    /// <summary>The default: mostly better than boosted trees with their defaults.</summary>
    public static Effort Balanced { get; } = new(nameof(Balanced));

    /// <summary>Some ten times the time of <see cref="Balanced"/>, for somewhat better models.</summary>
    public static Effort Best { get; } = new(nameof(Best));

    /// <summary>The name.</summary>
    public override string ToString() => _name;
}
