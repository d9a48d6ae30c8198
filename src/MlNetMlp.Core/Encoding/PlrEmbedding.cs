namespace MlNetMlp;

/// <summary>
/// PLR, periodic, linear, ReLU: beside a number x stands <c>max(V [cos(2 pi w x), sin(2 pi w x)] + c, 0)</c> with frequencies w, weights V and biases c of
/// its own, learned with the network. By default 48 frequencies, 24 outputs, and frequencies that start at a deviation of 0.01.
/// </summary>
/// <remarks>
/// The paper's best starting deviations lie between 0.01 and 0.5, most of them below 0.05. Deviation: the paper leaves x itself out. See
/// <see cref="PeriodicEmbedding"/> for what is common to both forms. (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in Tabular Deep
/// Learning, 2022.)
/// </remarks>
public sealed record PlrEmbedding : PeriodicEmbedding
{
    /// <summary>With the defaults.</summary>
    public PlrEmbedding()
        : base(48, 24, 0.01f)
    {
    }

    internal override bool LearnsPhases => false;

    internal override bool Rectifies => true;
}
