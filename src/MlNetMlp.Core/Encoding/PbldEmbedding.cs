namespace MlNetMlp;

/// <summary>
/// PBLD, periodic with biases, linear, beside the number itself: <c>V cos(2 pi (w x + b)) + c</c> stands beside x, with frequencies w, phases b, weights V
/// and biases c of its own, learned with the network. By default 16 frequencies, 8 outputs, and frequencies that start at a deviation of 1.
/// </summary>
/// <remarks>
/// The phases start uniform in a whole turn. The paper has 3 outputs and a deviation of 0.1, with trainings of hundreds of epochs; in short ones, small
/// frequencies have no time to grow. See <see cref="PeriodicEmbedding"/> for what both forms have in common. (Holzmueller, Grinsztajn and Steinwart, Better by
/// Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data, 2024.)
/// </remarks>
public sealed record PbldEmbedding : PeriodicEmbedding
{
    internal const int DefaultFrequencies = 16;
    internal const int DefaultWidth = 8;

    /// <summary>With the defaults.</summary>
    public PbldEmbedding()
        : base(DefaultFrequencies, DefaultWidth)
    {
    }

    internal override bool LearnsPhases => true;

    internal override bool Rectifies => false;
}
