namespace MlNetMlp;

/// <summary>
/// PLR, periodic, linear, ReLU: beside a number x stands <c>max(V [cos(2 pi w x), sin(2 pi w x)] + c, 0)</c> with frequencies w, weights V and biases c of
/// its own, learned with the network. By default 32 frequencies, 16 outputs, and frequencies that start at a deviation of 1.
/// </summary>
/// <remarks>
/// The paper has 48 frequencies and 24 outputs and searches for the deviation from 0.01 on, with trainings of hundreds of epochs; in short ones, small
/// frequencies have no time to grow. Deviation: the paper leaves x itself out. See <see cref="PeriodicEmbedding"/> for what both forms have in common.
/// (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in Tabular Deep Learning, 2022.)
/// </remarks>
public sealed record PlrEmbedding : PeriodicEmbedding
{
    internal const int DefaultFrequencies = 32;
    internal const int DefaultWidth = 16;

    /// <summary>With the defaults.</summary>
    public PlrEmbedding()
        : base(DefaultFrequencies, DefaultWidth)
    {
    }

    internal override bool LearnsPhases => false;

    internal override bool Rectifies => true;
}
