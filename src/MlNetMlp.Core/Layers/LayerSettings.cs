namespace MlNetMlp;

/// <summary>What the layers have in common that make up the units of one <see cref="NetworkPart"/>: weighted sums, a normalization, an activation.</summary>
/// <param name="Part">The hidden layer, or the outputs: the beginning of the names of parameters, and the address of random numbers.</param>
/// <param name="Inputs">The number of inputs, at least 1.</param>
/// <param name="Sums">The number of weighted sums, at least 1.</param>
/// <param name="MaximumRows">The largest block of rows that a pass will be given; 0 for a network that is not run and needs no memory.</param>
internal sealed record LayerSettings(NetworkPart Part, int Inputs, int Sums, int MaximumRows)
{
    /// <summary>What is applied to every sum alone. Default the identity.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <summary>The starting weights.</summary>
    public required Initializer Initializer { get; init; }

    /// <summary>The value that all biases begin with, or the shifts of a normalization that takes their place. Default 0.</summary>
    public float InitialBias { get; init; }

    /// <summary>False where a normalization that follows would cancel the bias. Default true.</summary>
    public bool HasBias { get; init; } = true;

    /// <summary>The probability with which training drops a weight for a mini-batch, in [0, 1). Default 0.</summary>
    public float DropConnect { get; init; }

    /// <summary>
    /// Those of plain sums with a normalization behind them, which subtracts a mean, adds a shift of its own and applies the activation.
    /// </summary>
    public LayerSettings InFrontOfNormalization => this with { Activation = Activation.Identity, HasBias = false };
}
