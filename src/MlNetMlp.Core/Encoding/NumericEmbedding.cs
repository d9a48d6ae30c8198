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

    /// <summary>Piecewise-linear encoding in bins; see <see cref="PiecewiseLinearEmbedding"/>.</summary>
    /// <param name="bins">The most bins of a number, from 2 to 256.</param>
    /// <param name="ends">Where they end: at quantiles of the training rows, or where a tree cuts the number to tell the target.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is outside its range, or the other value is not a member of the enumeration.</exception>
    public static NumericEmbedding PiecewiseLinear(int bins = PiecewiseLinearEmbedding.DefaultBins, BinEnds ends = BinEnds.Quantiles) =>
        new PiecewiseLinearEmbedding { Bins = bins, Ends = ends };

    /// <summary>Cosines and sines of the number, mixed and rectified, all learned: see <see cref="PlrEmbedding"/>.</summary>
    /// <param name="frequencies">The number of frequencies of each number, from 1 to 1024.</param>
    /// <param name="width">How many outputs each number gets, from 1 to 1024.</param>
    /// <param name="initialScale">The deviation of the starting frequencies, in turns per unit of the scaled number; greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static NumericEmbedding Plr(
        int frequencies = PlrEmbedding.DefaultFrequencies, int width = PlrEmbedding.DefaultWidth, float initialScale = 1) =>
        new PlrEmbedding { Frequencies = frequencies, Width = width, InitialScale = initialScale };

    /// <summary>Cosines of the number with phases, mixed, all learned: see <see cref="PbldEmbedding"/>.</summary>
    /// <param name="frequencies">The number of frequencies of each number, from 1 to 1024.</param>
    /// <param name="width">How many outputs each number gets, from 1 to 1024.</param>
    /// <param name="initialScale">The deviation of the starting frequencies, in turns per unit of the scaled number; greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static NumericEmbedding Pbld(
        int frequencies = PbldEmbedding.DefaultFrequencies, int width = PbldEmbedding.DefaultWidth, float initialScale = 1) =>
        new PbldEmbedding { Frequencies = frequencies, Width = width, InitialScale = initialScale };
}
