using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What stands beside a number at the entrance of a network, so that its first layer can bend along the number's axis.</summary>
/// <remarks>
/// Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in Tabular Deep Learning, 2022: with it, multilayer perceptrons are level with
/// boosted trees on tables. Features that only ever are 0 or 1, or constant, need none and get none.
/// </remarks>
public abstract record NumericEmbedding : ISettings
{
    private protected NumericEmbedding()
    {
    }

    /// <summary>The name, and what is not as it is by default.</summary>
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>Piecewise-linear encoding in bins of equally many training rows; see <see cref="PiecewiseLinearEmbedding"/>.</summary>
    /// <param name="bins">The most bins of a number, from 2 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range.</exception>
    public static NumericEmbedding PiecewiseLinear(int bins = PiecewiseLinearEmbedding.DefaultBins) => new PiecewiseLinearEmbedding { Bins = bins };
}
