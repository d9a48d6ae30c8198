using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Dropout at prediction time: a row is scored several times, each time by the network that is left when units are dropped at random. The
/// mean of those scores is a prediction, and their standard deviation says how sure the network is of it.
/// </summary>
/// <remarks>
/// Yarin Gal and Zoubin Ghahramani, Dropout as a Bayesian Approximation: Representing Model Uncertainty in Deep Learning, 2016. What they
/// add to the variance for the noise of the targets themselves is left out. Units are dropped with the probabilities of
/// <see cref="HiddenLayer.Dropout"/> and <see cref="MlpArchitecture.InputDropout"/>; noise and DropConnect stay off, and batch normalization uses its
/// stored statistics. Every pass draws its masks once, from the seed and the number of the pass, and uses them for all rows: the scores of
/// one row are those of independently drawn networks, as in the paper, and a row has the same numbers alone, in a block and on any thread.
/// Different rows see the same networks, so that their errors are not independent of each other.
/// </remarks>
public sealed record MonteCarloDropout : ISettings
{
    private const int MostPasses = 1_000_000;

    /// <summary>
    /// The number of times that every network scores a row, in [1, 1000000]. Default 50. The error of the mean is the standard deviation
    /// divided by the root of this number; the time grows in proportion to it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Passes
    {
        get;
        init => field = Require.InRange(value, 1, MostPasses, nameof(Passes));
    } = 50;

    /// <summary>The seed of the passes' random numbers. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>The name, and what is not as it is by default.</summary>
    public override string ToString() => SettingsText.Of(this);
}
