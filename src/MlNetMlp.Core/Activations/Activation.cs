using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The function that a unit applies to its weighted sum: <c>a = f(z)</c>, element by element.</summary>
/// <remarks>
/// <para>
/// Immutable and compared by value. Most functions here are such that their derivative can be written in terms of their result, so a
/// layer keeps <c>a</c> alone and forgets <c>z</c>; for <see cref="Gelu"/>, <see cref="Silu"/> and <see cref="Mish"/> it keeps <c>f'(z)</c>, too.
/// <see cref="PRelu"/> and <see cref="Maxout"/> are more than such a function: they have learned slopes, and several sums for a unit.
/// </para>
/// <para>
/// Values are within 2 units in the last place of the exact ones (2.5 for <see cref="Tanh"/> and <see cref="Sigmoid"/>, 3.5 for <see cref="Silu"/>, 4.5 for
/// <see cref="Mish"/>, 5.5 for <see cref="Gelu"/>), over all floats and also where they nearly vanish. Derivatives are within 2.5e-7, and those of
/// <see cref="Gelu"/>, <see cref="Silu"/> and <see cref="Mish"/> below -3 within 6.5 units in the last place. NaN gives NaN.
/// </para>
/// </remarks>
public abstract record Activation : ISettings
{
    /// <summary>Whatever a step does with sums up to this size, squares of them included, is finite.</summary>
    internal const double LargestPlainSum = 1e15;

    /// <summary>Between its ends, no activation is larger in size than at one of them, or than this.</summary>
    private const double LargestInTheMiddle = 2;

    private protected Activation()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>LeakyRelu { NegativeSlope = 0.01 }</c>.</summary>
    public sealed override string ToString() => Text;

    /// <summary><c>f(z) = z</c>.</summary>
    public static Activation Identity { get; } = new IdentityActivation();

    /// <summary><c>f(z) = max(0, z)</c> (Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010).</summary>
    public static Activation Relu { get; } = new ReluActivation();

    /// <summary><c>f(z) = tanh(z)</c>.</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary><c>f(z) = 1 / (1 + exp(-z))</c>.</summary>
    public static Activation Sigmoid { get; } = new SigmoidActivation();

    /// <summary>
    /// <c>f(z) = z</c> for positive z, else <c>slope z</c> (Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic
    /// Models, 2013).
    /// </summary>
    /// <param name="slope">The factor of negative sums, in (0, 1]. Default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is outside (0, 1].</exception>
    public static Activation LeakyRelu(float slope = 0.01f) => new LeakyReluActivation(slope);

    /// <summary><c>f(z) = z</c> for positive z, else <c>alpha (exp(z) - 1)</c> (Clevert, Unterthiner and Hochreiter, Exponential Linear Units, 2016).</summary>
    /// <param name="alpha">The negative of the limit at minus infinity, positive and finite. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not positive and finite.</exception>
    public static Activation Elu(float alpha = 1f) => new EluActivation(alpha);

    /// <summary>
    /// <c>f(z) = z P(z)</c> with the normal distribution's <c>P(z) = (1 + erf(z / sqrt(2))) / 2</c> (Hendrycks and Gimpel, Gaussian Error
    /// Linear Units, 2016).
    /// </summary>
    /// <remarks>The exact function, not its approximation by tanh.</remarks>
    public static Activation Gelu { get; } = new GeluActivation();

    /// <summary>
    /// <c>f(z) = z / (1 + exp(-z))</c>, also called swish (Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units for Neural Network
    /// Function Approximation in Reinforcement Learning, 2018).
    /// </summary>
    public static Activation Silu { get; } = new SiluActivation();

    /// <summary><c>f(z) = z tanh(ln(1 + exp(z)))</c> (Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019).</summary>
    public static Activation Mish { get; } = new MishActivation();

    /// <summary>
    /// <c>f(z) = l z</c> for positive z, else <c>l alpha (exp(z) - 1)</c>, with l = 1.0507 and alpha = 1.6733, which pull the outputs of
    /// deep layers towards mean 0 and variance 1 (Klambauer, Unterthiner, Mayr and Hochreiter, Self-Normalizing Neural Networks, 2017).
    /// </summary>
    public static Activation Selu { get; } = new SeluActivation();

    /// <summary>
    /// <c>f(z) = 1</c> for positive z, else 0: the unit of McCulloch and Pitts (A Logical Calculus of the Ideas Immanent in Nervous
    /// Activity, 1943).
    /// </summary>
    /// <remarks>
    /// The derivative is 0 everywhere, so back-propagation teaches nothing to the weights of such a layer and of those before it: they
    /// keep their random initial values, like the association units of Rosenblatt's perceptron, and only the layers behind it learn.
    /// </remarks>
    public static Activation HardThreshold { get; } = new HardThresholdActivation();

    /// <summary>
    /// <c>f(z) = z</c> for positive z, else <c>a z</c>, where every unit learns a slope a of its own (He, Zhang, Ren and Sun, Delving Deep
    /// into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification, 2015).
    /// </summary>
    /// <remarks>
    /// Slopes are learned with everything else and saved with the model. No penalty, weight decay or constraint concerns them: it would pull
    /// them towards the slope of ReLU. They may become negative or larger than 1.
    /// </remarks>
    /// <param name="initialSlope">The slope that all units begin with, finite. Default 0.25.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialSlope"/> is not finite.</exception>
    public static Activation PRelu(float initialSlope = 0.25f) => new PReluActivation(initialSlope);

    /// <summary>
    /// <c>f(x) = max of z_1, ..., z_k</c>, where every unit has k weighted sums <c>z_p = w_p x + b_p</c> of its own: a convex function of
    /// the inputs, made of k linear pieces (Goodfellow, Warde-Farley, Mirza, Courville and Bengio, Maxout Networks, 2013).
    /// </summary>
    /// <remarks>
    /// A layer of m units has k m columns of weights, biases and, where there is a normalization, of what that learns: it comes between
    /// sums and maximum. Noise, dropout and residual connections see the m units. Initial weights count k m outputs of the layer; a weight
    /// constraint on norms concerns each piece. Of equal sums the first one is taken to be the largest.
    /// </remarks>
    /// <param name="pieces">k, at least 2. Default 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pieces"/> is less than 2.</exception>
    public static Activation Maxout(int pieces = 2) => new MaxoutActivation(pieces);

    /// <summary>An element-wise function of your own, with its derivative.</summary>
    /// <param name="name">
    /// What stands for the function in texts and saved models, and tells it from others. What changes the function, such as a slope, belongs into its name.
    /// </param>
    /// <param name="function">
    /// f(z). It is called by several threads at the same time, for every unit of every row, which takes longer than the functions here, which are vectorized.
    /// </param>
    /// <param name="derivative">f'(z); <see cref="Diagnostics.GradientCheck"/> finds a wrong one.</param>
    /// <remarks>
    /// A saved model has the name alone; before it is loaded in another program, <see cref="Register"/> has to be told what it stands for. Models with such
    /// functions are not exported to ONNX and C#, and not trained on a cluster.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <example>
    /// <code>
    /// Activation softsign = Activation.Custom("softsign", z => z / (1 + Math.Abs(z)), z => 1 / ((1 + Math.Abs(z)) * (1 + Math.Abs(z))));
    /// Activation.Register(softsign);
    /// var options = new MlpBinaryTrainer.Options { HiddenLayers = [new(32) { Activation = softsign }] };
    /// </code>
    /// </example>
    public static Activation Custom(string name, Func<float, float> function, Func<float, float> derivative)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new CustomActivation(name, Require.NotNull(function, nameof(function)), Require.NotNull(derivative, nameof(derivative)));
    }

    /// <summary>
    /// Tells this process which function saved models mean by the name of a <see cref="Custom"/> activation. A later one of the same name takes its place.
    /// </summary>
    /// <param name="activation">What <see cref="Custom"/> returned.</param>
    /// <exception cref="ArgumentNullException"><paramref name="activation"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="activation"/> is one of those that saved models know anyway.</exception>
    public static void Register(Activation activation) => RegisteredActivations.Add(
        Require.NotNull(activation, nameof(activation)) as CustomActivation
        ?? throw new ArgumentException($"{activation} needs no registration: saved models know it.", nameof(activation)));

    /// <summary>What <see cref="ToString"/> says.</summary>
    internal virtual string Text => SettingsText.Of(this, GetType().Name[..^nameof(Activation).Length]);

    /// <summary>What no activation is larger than in size if no sum is larger than <paramref name="sum"/>; infinite where nothing is promised.</summary>
    internal double LargestOutput(double sum)
    {
        if (this is IdentityActivation or CustomActivation || !(sum <= LargestPlainSum))
        {
            return this is IdentityActivation ? sum : double.PositiveInfinity;
        }

        Span<float> ends = [(float)sum, -(float)sum];
        Apply(ends);
        return Math.Max(LargestInTheMiddle, Math.Abs(TensorPrimitives.MaxMagnitude<float>(ends)));
    }

    /// <summary>The weights that suit the function when a layer names no initializer of its own.</summary>
    internal virtual Initializer DefaultInitializer => Initializer.GlorotUniform;

    /// <summary>The number of weighted sums of a unit.</summary>
    internal virtual int SumsPerUnit => 1;

    /// <summary>Whether the function has a slope anywhere; without one, back-propagation teaches nothing below it.</summary>
    internal virtual bool HasSlope => true;

    /// <summary>Whether a unit whose activation is 0 for all rows has no slope for any of them, so that it never changes again.</summary>
    internal virtual bool CanDie => false;

    /// <summary>The steepest slope of a function that is flat at both ends; null for others.</summary>
    internal virtual float? SteepestSlope => null;

    /// <summary>What is applied to each weighted sum alone: the function itself, or the identity for a <see cref="LayeredActivation"/>.</summary>
    internal virtual Activation Elementwise => this;

    /// <summary>Replaces each z by f(z). The result of an element does not depend on where it stands in the span.</summary>
    internal abstract void Apply(Span<float> values);

    /// <summary>Replaces each z by f(z + b), with the bits of an addition followed by <see cref="Apply(Span{float})"/>.</summary>
    /// <param name="values">The z, [rows, units].</param>
    /// <param name="biases">The b, [units].</param>
    internal virtual void Apply(Span<float> values, ReadOnlySpan<float> biases)
    {
        if (biases.Length == 1)
        {
            TensorPrimitives.Add(values, biases[0], values);
        }
        else
        {
            ElementwiseMath.ApplyToSum(default(SumFormula), values, biases);
        }

        Apply(values);
    }

    /// <summary>True if <see cref="MultiplyByDerivative"/> wants the values of <c>f'(z)</c>, false if those of <c>a</c>.</summary>
    internal virtual bool KeepsSlope => false;

    /// <summary>
    /// Where <see cref="KeepsSlope"/> is true: replaces each z by f(z + b), with the bits of <see cref="Apply(Span{float}, ReadOnlySpan{float})"/>, and
    /// keeps f'(z + b).
    /// </summary>
    /// <param name="values">The z, [rows, units].</param>
    /// <param name="biases">The b, [units], or empty: they are 0.</param>
    /// <param name="slopes">Receives the f', [rows, units].</param>
    internal virtual void ApplyWithSlope(Span<float> values, ReadOnlySpan<float> biases, Span<float> slopes) =>
        throw new NotSupportedException($"The derivative of {GetType().Name} is a function of its result.");

    /// <summary>Multiplies the gradient with respect to <c>a</c> by <c>f'(z)</c>.</summary>
    /// <param name="known">The values of <c>a</c>, or those of <c>f'(z)</c> where <see cref="KeepsSlope"/> is true.</param>
    /// <param name="gradient">As many.</param>
    internal abstract void MultiplyByDerivative(ReadOnlySpan<float> known, Span<float> gradient);

    /// <summary>The sum as it is.</summary>
    private readonly struct SumFormula : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TLanes, TVector>(TVector x)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => x;
    }
}
