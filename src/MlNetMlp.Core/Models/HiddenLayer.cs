using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// One hidden layer: weighted sums, an optional normalization of them, the activation, noise and dropout while training, and an
/// optional connection around all that.
/// </summary>
public sealed record HiddenLayer
{
    private readonly float _dropout;
    private readonly float _noise;
    private readonly Activation _activation = Activation.Relu;

    /// <param name="units">The number of units, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is less than 1.</exception>
    public HiddenLayer(int units) => Units = Require.Positive(units, nameof(units));

    /// <summary>The number of units.</summary>
    public int Units { get; }

    /// <summary>The activation of the units. Default <see cref="Activation.Relu"/>.</summary>
    public Activation Activation
    {
        get => _activation;
        init => _activation = Require.NotNull(value, nameof(Activation));
    }

    /// <summary>The probability with which training drops each unit for a row, in [0, 1). Default 0.</summary>
    /// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside of [0, 1).</exception>
    public float Dropout
    {
        get => _dropout;
        init => _dropout = Require.InRangeBelow(value, 0f, 1f, nameof(Dropout));
    }

    /// <summary>
    /// The standard deviation of the Gaussian noise that training adds to every activation of the layer, before dropout. At least 0;
    /// default 0: none.
    /// </summary>
    /// <remarks>Christopher M. Bishop, Training with Noise is Equivalent to Tikhonov Regularization, 1995.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Noise
    {
        get => _noise;
        init => _noise = Require.NonNegative(value, nameof(Noise));
    }

    /// <summary>
    /// Whether the inputs of the layer are added to its outputs, <c>y = layer(x) + x</c>, behind its activation and dropout. Needs as many
    /// units as the layer has inputs. Default false.
    /// </summary>
    /// <remarks>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016.</remarks>
    public bool Residual { get; init; }

    /// <summary>The normalization between weighted sum and activation. Default null: none.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>The starting weights. Default null: what suits the activation (He for the rectifiers, LeCun for <see cref="Activation.Selu"/>, Glorot uniform for the others).</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>True if a training pass draws chance, so that the loss of the same weights differs from epoch to epoch.</summary>
    internal bool DrawsChance => Dropout > 0 || Noise > 0;
}
