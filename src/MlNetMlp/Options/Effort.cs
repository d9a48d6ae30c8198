using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How much work goes into a model: a table of options by the training rows, for those that are not set. What is set, wins.</summary>
/// <remarks>
/// <para>
/// Of dense rows, every effort but <see cref="Plain"/> has an <see cref="Ensemble.Shared"/> whose inputs are encoded piecewise-linearly in up to 32 bins
/// (4,096 of all numbers together), sees what is missing (<see cref="MlpTrainingOptions.MissingIndicators"/>) and leaves indicators as they are
/// (<see cref="FeatureScaling.StandardizeNumbers"/>); <see cref="Muon"/> with a decay of 3e-3 where labels are classes, else 3e-4; a learning rate of
/// 0.01 that falls to 0 in the second half along a cosine (<see cref="Schedule.FlatThenCosine"/>); gradients clipped at norm 1. From 3,000 rows on,
/// mini-batches have 64 rows and the rate is 0.015; from 20,000 on they have 128. All hidden layers have 64 units, with dropout 0.1 where labels are
/// classes, rows fewer than 3,000, and the effort is not <see cref="Fast"/>.
/// </para>
/// <list type="table">
/// <listheader><term>effort</term><description>members; hidden layers; epochs</description></listheader>
/// <item><term><see cref="Fast"/></term><description>3, from 20,000 rows on 2; 64, 64; 6</description></item>
/// <item>
/// <term><see cref="Balanced"/></term>
/// <description>8, from 20,000 rows on 4; 64, 64; of classes 10, of numbers 13, from 20,000 rows on 10</description>
/// </item>
/// <item>
/// <term><see cref="Best"/></term>
/// <description>
/// 4 in each of 4 networks (<see cref="Ensemble.Seeds"/>); 64, 64; of classes 9, from 3,000 rows on 12; of numbers 18, from 20,000 rows on 12
/// </description>
/// </item>
/// </list>
/// <para>
/// Where <c>OneHotEncoding</c> has made more than 32 features of a column, all categories are seen through <see cref="CategoricalEmbedding"/> with its
/// defaults, but by a network whose features are whitened. Rows that have many zeros for this alone are dense rows then.
/// </para>
/// <para>
/// Layers of more than 512 units that are set are trained by <see cref="AdamW"/>, with a decay of 3e-4 at a rate of 0.005, as orthogonal steps would
/// take most of the time. Another optimizer that is set gets a rate of 0.005 as well, and four times the epochs, as its steps bring less. Mini-batches
/// that are set larger get as many epochs as make 300 steps, or the usual number of steps where that is smaller. All of it where it is not set itself.
/// </para>
/// <para>
/// Of sparse rows, such as texts: one network (<see cref="Fast"/>), two (<see cref="Balanced"/>) or four (<see cref="Best"/>) with a hidden layer of 64
/// units, dropout 0.5 on the units and on the features, <see cref="AdamW"/> with a decay of 3e-4, a rate from 0.0007 to 0 along a cosine; 12 epochs, from
/// 10,000 rows on 6. A model that the training continues from keeps its layers, members and networks.
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

    /// <summary>Some three times the time of <see cref="Balanced"/>, for somewhat better models.</summary>
    public static Effort Best { get; } = new(nameof(Best));

    /// <summary>The name.</summary>
    public override string ToString() => _name;
}
