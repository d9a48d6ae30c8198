using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <summary>The architecture of a network, without any weights: inputs, hidden layers, linear outputs. Immutable, compared by value.</summary>
public sealed record MlpArchitecture : ISettings
{
    internal const int MostSharedMembers = 64;

    /// <param name="inputSize">The number of features, at least 1.</param>
    /// <param name="outputSize">The number of outputs, at least 1: classes, 1 for a binary task, or values to predict.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public MlpArchitecture(int inputSize, int outputSize)
    {
        InputSize = Require.Positive(inputSize, nameof(inputSize));
        OutputSize = Require.Positive(outputSize, nameof(outputSize));
    }

    /// <summary>The number of features.</summary>
    public int InputSize { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputSize { get; }

    /// <summary>The hidden layers from the input to the output. Default: none, which makes the model linear.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its entries is null.</exception>
    /// <exception cref="ArgumentException">
    /// A layer with <see cref="HiddenLayer.Residual"/> does not have as many units as inputs, one with <see cref="CosineNormalization"/> has an initial bias,
    /// or one with <see cref="HiddenLayer.Sparsity"/> has another activation than sigmoid or tanh.
    /// </exception>
    public IReadOnlyList<HiddenLayer> HiddenLayers
    {
        get;
        init
        {
            field = new HiddenLayerList(value, nameof(HiddenLayers));
            CheckResiduals();
            CheckBiases();
            CheckSparsity();
            CheckMembers();
        }
    } = new HiddenLayerList([], nameof(HiddenLayers));

    /// <summary>The probability with which training drops each (standardized) feature of a row, in [0, 1). Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float InputDropout
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(InputDropout));
    }

    /// <summary>
    /// The standard deviation of the Gaussian noise that training adds to every (standardized) feature of a row, before dropout. At
    /// least 0; default 0: none.
    /// </summary>
    /// <remarks>Christopher M. Bishop, Training with Noise is Equivalent to Tikhonov Regularization, 1995.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float InputNoise
    {
        get;
        init => field = Require.NonNegative(value, nameof(InputNoise));
    }

    /// <summary>The linear map that makes features uncorrelated, in front of everything; null: none. Found by a training run, from its rows.</summary>
    internal Whitening? Whitening
    {
        get;
        init
        {
            field = value is null || value.FeatureCount == InputSize ? value
                : throw new ArgumentException($"A whitening of {value.FeatureCount} features does not fit a network of {InputSize}.", nameof(value));
            CheckWhitening();
            CheckResiduals();
        }
    }

    /// <summary>What is made of categories, before anything else; null: they are features like any other. Learned by a training run, from its rows.</summary>
    internal CategoryMap? Categories
    {
        get;
        init
        {
            field = value is null || value.FeatureCount == InputSize ? value
                : throw new ArgumentException($"Categories among {value.FeatureCount} features do not fit a network of {InputSize}.", nameof(value));
            CheckWhitening();
            CheckResiduals();
        }
    }

    /// <summary>What the first layer sees of the features, or of what <see cref="Categories"/> makes of them; null: just these. Learned, too.</summary>
    internal FeatureEncoding? Encoding
    {
        get;
        init
        {
            field = value is null || value.FeatureCount == CategorizedSize ? value
                : throw new ArgumentException($"An encoding of {value.FeatureCount} features does not fit a network of {CategorizedSize}.", nameof(value));
            CheckWhitening();
            CheckResiduals();
        }
    }

    /// <summary>
    /// Which of the features that <see cref="Categories"/> keeps are embedded with weights of their own, behind <see cref="Encoding"/>; null: none. Found by a
    /// training run.
    /// </summary>
    internal PeriodicNumbers? Numbers
    {
        get;
        init
        {
            int features = Categories?.Kept.Length ?? InputSize;
            field = value is null || value.Numbers[^1] < features ? value
                : throw new ArgumentException($"Feature {value.Numbers[^1]} of {features} cannot be embedded.", nameof(value));
            CheckWhitening();
            CheckResiduals();
        }
    }

    /// <summary>The number of features, with what <see cref="Categories"/> or <see cref="Whitening"/> makes of them.</summary>
    internal int CategorizedSize => Whitening?.Components ?? Categories?.OutputSize ?? InputSize;

    /// <summary>The number of inputs of the first layer.</summary>
    internal int EncodedSize => checked((Encoding?.OutputSize ?? CategorizedSize) + (Numbers?.OutputSize ?? 0));

    /// <summary>
    /// [<see cref="EncodedSize"/>]: the feature, behind <see cref="Categories"/>, that each input of the first layer is made of; null: it is one.
    /// </summary>
    internal int[]? ColumnFeatures()
    {
        int[]? encoded = Encoding?.Features();
        return Numbers is null ? encoded : Numbers.Features(encoded ?? Enumerable.Range(0, CategorizedSize));
    }

    /// <summary>The features of which the network sees that they are missing.</summary>
    /// <exception cref="ArgumentException">It would see it of something that is no feature.</exception>
    internal int[] ShownMissing => Encoding is null ? []
        : Categories is null ? Encoding.Missing.ToArray()
        : Encoding.Missing.IsEmpty || Encoding.Missing[^1] < Categories.Kept.Length
            ? Array.ConvertAll(Encoding.Missing.ToArray(), column => Categories.Kept[column])
        : throw new ArgumentException($"Column {Encoding.Missing[^1]} is none of the {Categories.Kept.Length} features that can be missing.");

    /// <summary>The starting weights of the output layer. Default null: Glorot uniform.</summary>
    public Initializer? OutputInitializer { get; init; }

    /// <summary>
    /// The number k of members, in [1, 64], that share the hidden layers: an ensemble inside of one network. Each has scales of the inputs and outputs of
    /// its own, and the scores are the means of theirs. Default 1: no ensemble. See <see cref="Ensemble.Shared"/>.
    /// </summary>
    /// <remarks>
    /// Member m computes <c>h(x * r_m) W_m + b_m</c> with the shared hidden layers h, learned factors r_m [inputs], which start as normal numbers of
    /// deviation 1 and never decay, and outputs W_m, b_m. Training makes k rows of every row, each with dropout of its own; noise of the inputs is the
    /// same for all members. What is minimised is the mean of the members' losses.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [1, 64].</exception>
    /// <exception cref="ArgumentException">
    /// There are members, and the first hidden layer has <see cref="HiddenLayer.Residual"/>, <see cref="WeightNormalization"/> or
    /// <see cref="CosineNormalization"/>: a member would not be a network of its own.
    /// </exception>
    public int SharedMembers
    {
        get;
        init
        {
            field = Require.InRange(value, 1, MostSharedMembers, nameof(SharedMembers));
            CheckMembers();
        }
    } = 1;

    /// <summary>True if a training pass uses random numbers, so that the loss of the same weights differs from epoch to epoch.</summary>
    internal bool IsRandom => Categories?.Dropout > 0 || InputDropout > 0 || InputNoise > 0 || HiddenLayers.Any(layer => layer.IsRandom);

    /// <summary>Whether any layer takes mean and deviation over the rows of a mini-batch.</summary>
    internal bool NormalizesOverRows => HiddenLayers.Any(layer => layer.Normalization?.IsOverRows == true);

    /// <summary>The architecture without what only matters to the training: the one that a trained model has.</summary>
    internal MlpArchitecture ForModel =>
        HiddenLayers.All(layer => ReferenceEquals(layer.ForModel, layer)) ? this
        : this with { HiddenLayers = [.. HiddenLayers.Select(layer => layer.ForModel)] };

    /// <summary>The parameters of such a network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more elements than an array holds.</exception>
    /// <exception cref="OverflowException">A matrix has more elements than an <see cref="int"/> counts.</exception>
    internal ParameterLayout Layout() => new LayerSequence(this).Layout;

    /// <summary>
    /// The sizes from input to output, for example <c>784-512-512-10</c>, and the number of <see cref="SharedMembers"/>, if there are any, for example
    /// <c>784-512-512-10 (8 members)</c>.
    /// </summary>
    public override string ToString() => string.Join('-', [InputSize, .. HiddenLayers.Select(layer => layer.Units), OutputSize])
        + (SharedMembers > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({SharedMembers} members)") : "");

    /// <summary>The same layers behind what another network has learned about its features. What fits those layers alone is set after it.</summary>
    internal MlpArchitecture WithPreparationOf(MlpArchitecture other) => this with
    {
        Categories = other.Categories,
        Whitening = other.Whitening,
        Encoding = other.Encoding,
        Numbers = other.Numbers,
    };

    private void CheckWhitening()
    {
        if (Whitening is not null && (Categories is not null || Encoding is not null || Numbers is not null))
        {
            throw new ArgumentException("Whitened features are no categories, and cannot be encoded.");
        }
    }

    private void CheckResiduals()
    {
        for (int i = 0, size = EncodedSize; i < HiddenLayers.Count; size = HiddenLayers[i].Units, i++)
        {
            if (HiddenLayers[i].Residual && HiddenLayers[i].Units != size)
            {
                throw new ArgumentException(
                    $"Residual needs as many units as inputs, but hidden layer {i + 1} has {HiddenLayers[i].Units} units and {size} inputs.",
                        nameof(HiddenLayers));
            }
        }
    }

    private void CheckSparsity()
    {
        for (int i = 0; i < HiddenLayers.Count; i++)
        {
            if (HiddenLayers[i] is { Sparsity: not null } layer && layer.Activation is not (SigmoidActivation or TanhActivation))
            {
                throw new ArgumentException(
                    $"{nameof(HiddenLayer.Sparsity)} needs Activation.Sigmoid or Activation.Tanh, whose activations have limits, but hidden layer {i + 1} " +
                    $"has {layer.Activation}.", nameof(HiddenLayers));
            }
        }
    }

    private void CheckMembers()
    {
        if (SharedMembers == 1 || HiddenLayers.Count == 0)
        {
            return;
        }

        HiddenLayer first = HiddenLayers[0];
        string? problem = first.Residual ? $"{nameof(HiddenLayer.Residual)} of the first hidden layer must be false"
            : first.Normalization?.NeedsAllWeights == true
                ? $"{nameof(HiddenLayer.Normalization)} of the first hidden layer must be another than {first.Normalization.GetType().Name}"
            : null;
        if (problem is not null)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"With {SharedMembers} shared members, {problem}: ") +
                "the scales of the inputs are a part of its weights.",
                nameof(HiddenLayers));
        }
    }

    private void CheckBiases()
    {
        for (int i = 0; i < HiddenLayers.Count; i++)
        {
            if (HiddenLayers[i] is not { Normalization: { HasBias: false } normalization, InitialBias: not 0 } layer)
            {
                continue;
            }

            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"InitialBias must be 0 with {normalization.GetType().Name}, which has no biases, but in hidden layer {i + 1} it is " +
                    $"{layer.InitialBias}."),
                nameof(HiddenLayers));
        }
    }
}
