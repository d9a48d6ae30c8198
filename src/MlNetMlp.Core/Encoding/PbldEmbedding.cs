namespace MlNetMlp;

/// <summary>
/// PBLD, periodic with biases, linear, beside the number itself: <c>V cos(2 pi (w x + b)) + c</c> stands beside x, with frequencies w, phases b, weights V
/// and biases c of its own, learned with the network. By default 16 frequencies, 3 outputs, and frequencies that start at a deviation of 0.1.
/// </summary>
/// <remarks>
/// The phases start uniform in a whole turn. See <see cref="PeriodicEmbedding"/> for what is common to both forms. (Holzmueller, Grinsztajn and Steinwart,
/// Better by Default: Strong Pre-Tuned MLPs and Boosted Trees on Tabular Data, 2024.)
/// </remarks>
public sealed record PbldEmbedding : PeriodicEmbedding
{
    /// <summary>With the defaults.</summary>
    public PbldEmbedding()
        : base(16, 3, 0.1f)
    {
    }

    internal override bool LearnsPhases => true;

    internal override bool Rectifies => false;
}
