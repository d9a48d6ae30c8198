using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// One hidden layer: weighted sums, with DropConnect while training, an optional normalization of them, the activation with an optional
/// penalty, noise and dropout while training, and an optional residual connection around all of it.
/// </summary>
public sealed record HiddenLayer : ISettings
{
    /// <param name="units">The number of units, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is less than 1.</exception>
    public HiddenLayer(int units) => Units = Require.Positive(units, nameof(units));

    /// <summary>The number of units, at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Units
    {
        get;
        init => field = Require.Positive(value, nameof(Units));
    }

    /// <summary>The activation of the units. Default <see cref="Activation.Relu"/>.</summary>
    public Activation Activation
    {
        get;
        init => field = Require.NotNull(value, nameof(Activation));
    } = Activation.Relu;

    /// <summary>The probability with which training drops each unit for a row, in [0, 1). Default 0.</summary>
    /// <remarks>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float Dropout
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(Dropout));
    }

    /// <summary>
    /// The standard deviation of the Gaussian noise that training adds to every activation of the layer, before dropout. At least 0;
    /// default 0: none.
    /// </summary>
    /// <remarks>Christopher M. Bishop, Training with Noise is Equivalent to Tikhonov Regularization, 1995.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float Noise
    {
        get;
        init => field = Require.NonNegative(value, nameof(Noise));
    }

    /// <summary>
    /// The probability with which training drops each weight of the layer for a mini-batch, in [0, 1); biases are never dropped. Default 0.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The weights that are kept are divided by <c>1 - p</c>, so that scoring, which keeps all, sees the expectation. Penalties and
    /// constraints hold for the weights themselves, not for the masked ones.
    /// </para>
    /// <para>
    /// Wan, Zeiler, Zhang, LeCun and Fergus, Regularization of Neural Networks using DropConnect, 2013. Deviations: a mask for every
    /// mini-batch rather than for every row, which would cost as many random numbers as there are multiplications; biases are kept;
    /// scoring takes the expected weights rather than samples of the sums.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1).</exception>
    public float DropConnect
    {
        get;
        init => field = Require.InRangeBelow(value, 0f, 1f, nameof(DropConnect));
    }

    /// <summary>
    /// lambda of the penalty <c>lambda sum |a|</c> on the activations a of the layer for a row, averaged over the rows of a mini-batch with
    /// their weights. It makes units that a row does not need output zero. A number of at least 0 or a schedule; default 0: none.
    /// </summary>
    /// <remarks>
    /// <para>
    /// It applies to what the layer computes when it scores: the outputs of its activation, before noise and dropout, which would only make
    /// the penalty random, and without what <see cref="Residual"/> adds. Like the other penalties it is part of what is minimised and of
    /// the loss that early stopping without validation rows goes by, and not of <see cref="EpochReport"/>'s losses.
    /// </para>
    /// <para>A model keeps the base rate of a schedule. Xavier Glorot, Antoine Bordes and Yoshua Bengio, Deep Sparse Rectifier Neural Networks, 2011.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule ActivityRegularization
    {
        get;
        init => field = Require.NotNull(value, nameof(ActivityRegularization));
    } = 0;

    /// <summary>
    /// A penalty that makes the units active for few rows, by their mean activation: for <see cref="Activation.Sigmoid"/> and <see cref="Activation.Tanh"/>.
    /// Default null: none. It only matters to the training: a model does not keep it.
    /// </summary>
    public ActivationSparsity? Sparsity { get; init; }

    /// <summary>
    /// The strength of the L1 penalty on the weights of this layer, a number of at least 0 or a schedule. Default null: that of all layers,
    /// <see cref="MlpTrainingOptions.L1Regularization"/>. It only matters to the training: a model does not keep it.
    /// </summary>
    public Schedule? L1Regularization { get; init; }

    /// <summary>The same for L2. Default null: <see cref="MlpTrainingOptions.L2Regularization"/>.</summary>
    public Schedule? L2Regularization { get; init; }

    /// <summary>The same for orthogonality. Default null: <see cref="MlpTrainingOptions.OrthogonalityRegularization"/>.</summary>
    public Schedule? OrthogonalityRegularization { get; init; }

    /// <summary>
    /// What the weights of this layer must satisfy after every step, for example <c>new MaxNorm(2)</c>; <see cref="WeightConstraint.None"/>: nothing. Default
    /// null: what all must, <see cref="MlpTrainingOptions.Constraint"/>. It only matters to the training: a model does not keep it.
    /// </summary>
    public WeightConstraint? Constraint { get; init; }

    /// <summary>
    /// Whether the inputs of the layer are added to its outputs, <c>y = layer(x) + x</c>, after its activation and dropout. Needs as many
    /// units as the layer has inputs. Default false.
    /// </summary>
    /// <remarks>He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016.</remarks>
    public bool Residual { get; init; }

    /// <summary>The normalization of the weighted sums before the activation, or of the weights. Default null: none.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>
    /// The starting weights. Default null: what suits the activation (He for the rectifiers, LeCun for <see cref="Activation.Selu"/> and
    /// <see cref="Activation.Maxout"/>, Glorot uniform for the others).
    /// </summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>
    /// The value that the biases of all units begin with, or the shifts of a normalization that takes the place of biases. Finite; default 0.
    /// A small positive one, such as 0.01 or 0.1, lets rectifiers begin on their active side.
    /// </summary>
    /// <remarks>With <see cref="CosineNormalization"/>, which has neither, only 0 is allowed. Once training has begun, it has no effect.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public float InitialBias
    {
        get;
        init => field = Require.Finite(value, nameof(InitialBias));
    }

    private static string Part(string name, object? value) => value is null ? ""
        : $"{name} {(value is Schedule schedule ? schedule.StrengthText : SettingsText.Text(value))}";

    private static string Part(string name, float value) => value == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{name} {value}");

    /// <summary>Whether the weighted sums of the layer are nothing but that: then it can take encoded features without their columns.</summary>
    internal bool TakesEncoded => Normalization is null && DropConnect == 0 && !Residual;

    /// <summary>Whether its weights have penalties or a constraint of their own.</summary>
    internal bool HasOwnPenalties => this is not { L1Regularization: null, L2Regularization: null, OrthogonalityRegularization: null, Constraint: null };

    /// <summary>The layer without what only matters to the training: the one that a trained model has.</summary>
    internal HiddenLayer ForModel => !HasOwnPenalties && Sparsity is null && ActivityRegularization.IsConstant ? this : this with
    {
        L1Regularization = null,
        L2Regularization = null,
        OrthogonalityRegularization = null,
        Constraint = null,
        Sparsity = null,
        ActivityRegularization = ActivityRegularization.BaseRate,
    };

    /// <summary>The strengths of its penalties on activations.</summary>
    internal IEnumerable<Schedule> ActivityPenalties => Sparsity is null ? [ActivityRegularization] : [ActivityRegularization, Sparsity.Weight];

    /// <summary>True if a training pass uses random numbers, so that the loss of the same weights differs from epoch to epoch.</summary>
    internal bool IsRandom => Dropout > 0 || DropConnect > 0 || Noise > 0;

    /// <summary>Units, activation, and what is not as it is by default, for example <c>64 Relu, dropout 0.2</c>.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        string.Create(CultureInfo.InvariantCulture, $"{Units} {Activation}"),
        Normalization is null ? "" : $"{Normalization}",
        Part("dropout", Dropout), Part("noise", Noise), Part("DropConnect", DropConnect),
        Part("activity regularization", ActivityRegularization.IsZero ? null : ActivityRegularization),
        Part("sparsity", Sparsity), Part("L1", L1Regularization), Part("L2", L2Regularization), Part("orthogonality", OrthogonalityRegularization),
        Part("constraint", Constraint),
        Part("initial bias", InitialBias), WeightInitializer is null ? "" : $"weights {WeightInitializer}", Residual ? "residual" : "",
    }.Where(part => part.Length > 0));
}
