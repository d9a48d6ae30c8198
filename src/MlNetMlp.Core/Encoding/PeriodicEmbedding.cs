using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Waves of a number x beside it, <c>cos(2 pi (w_f x + b_f))</c>, mixed by a linear map, all learned with the network, for each number with weights of its
/// own: <see cref="PlrEmbedding"/> and <see cref="PbldEmbedding"/>.
/// </summary>
/// <remarks>
/// x is the number as it is scaled, and 0 where it is missing. It stays where it is, and the d outputs of the map come beside it. The frequencies w start as
/// normal numbers of mean 0 and deviation <see cref="InitialScale"/>; the weights of the map start uniform within <c>1 / sqrt(waves)</c> and decay, its
/// biases start at 0.
/// </remarks>
public abstract record PeriodicEmbedding : NumericEmbedding
{
    private const int MostFrequencies = 1024;

    private protected PeriodicEmbedding(int frequencies, int width) => (Frequencies, Width) = (frequencies, width);

    /// <summary>The number of frequencies of each number, from 1 to 1024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Frequencies
    {
        get;
        init => field = Require.InRange(value, 1, MostFrequencies, nameof(Frequencies));
    }

    /// <summary>d: how many outputs each number gets, from 1 to 1024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its range.</exception>
    public int Width
    {
        get;
        init => field = Require.InRange(value, 1, MostFrequencies, nameof(Width));
    }

    /// <summary>The deviation of the starting frequencies, in turns per unit of the scaled number; greater than 0. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number greater than 0.</exception>
    public float InitialScale
    {
        get;
        init => field = Require.Positive(value, nameof(InitialScale));
    } = 1;

    /// <summary>Whether each frequency has one cosine with a phase that is learned, or a cosine and a sine.</summary>
    internal abstract bool LearnsPhases { get; }

    /// <summary>Whether the outputs are rectified.</summary>
    internal abstract bool Rectifies { get; }

    /// <summary>The number of waves of each number.</summary>
    internal int Waves => LearnsPhases ? Frequencies : 2 * Frequencies;
}
