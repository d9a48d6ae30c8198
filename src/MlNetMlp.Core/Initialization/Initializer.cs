using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// How the weights of a layer are initialized. With <c>n</c> inputs (fan-in) and <c>m</c> outputs (fan-out) of the layer, most keep the
/// spread of the signals the same from layer to layer. Biases begin at <see cref="HiddenLayer.InitialBias"/> whatever the initializer.
/// </summary>
/// <remarks>A normal distribution here is not truncated; a uniform one has the limit <c>sqrt(3)</c> times its standard deviation.</remarks>
public abstract record Initializer : ISettings
{
    private protected Initializer()
    {
    }

    /// <summary>
    /// Normal, standard deviation <c>sqrt(2 / n)</c>: for ReLU and its relatives. Kaiming He et al., "Delving Deep into Rectifiers:
    /// Surpassing Human-Level Performance on ImageNet Classification", 2015.
    /// </summary>
    public static Initializer He { get; } = new VarianceScaling(nameof(He), 2, 0, IsUniform: false);

    /// <summary>Uniform in <c>[-sqrt(6 / n), sqrt(6 / n))</c>: the spread of <see cref="He"/> with bounded weights.</summary>
    public static Initializer HeUniform { get; } = new VarianceScaling(nameof(HeUniform), 2, 0, IsUniform: true);

    /// <summary>
    /// Normal, standard deviation <c>sqrt(2 / (n + m))</c>: for tanh, sigmoid and linear layers. Xavier Glorot and Yoshua Bengio,
    /// "Understanding the difficulty of training deep feedforward neural networks", 2010.
    /// </summary>
    public static Initializer GlorotNormal { get; } = new VarianceScaling(nameof(GlorotNormal), 2, 1, IsUniform: false);

    /// <summary>Uniform in <c>[-sqrt(6 / (n + m)), sqrt(6 / (n + m)))</c>: the paper's own form of <see cref="GlorotNormal"/>.</summary>
    public static Initializer GlorotUniform { get; } = new VarianceScaling(nameof(GlorotUniform), 2, 1, IsUniform: true);

    /// <summary>
    /// Normal, standard deviation <c>sqrt(1 / n)</c>. Yann LeCun, Leon Bottou, Genevieve Orr and Klaus-Robert Mueller, "Efficient
    /// BackProp", 1998.
    /// </summary>
    public static Initializer LeCun { get; } = new VarianceScaling(nameof(LeCun), 1, 0, IsUniform: false);

    /// <summary>
    /// All weights zero. Right for a network without hidden layers; with them, all units of a layer stay alike forever, because
    /// nothing breaks the symmetry.
    /// </summary>
    public static Initializer Zero { get; } = new ZeroInitializer();

    /// <summary>Normal with a fixed standard deviation, whatever the size of the layer.</summary>
    /// <param name="standardDeviation">Greater than 0. Default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">The standard deviation is not a finite number greater than 0.</exception>
    public static Initializer Gaussian(float standardDeviation = 0.01f) =>
        new GaussianInitializer(Require.Positive(standardDeviation, nameof(standardDeviation)));

    /// <summary>Uniform in <c>[-limit, limit)</c>, whatever the size of the layer: as textbooks begin.</summary>
    /// <param name="limit">Greater than 0. Default 1, far too much for all but small layers.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not a finite number greater than 0.</exception>
    public static Initializer Uniform(float limit = 1) => new UniformInitializer(Require.Positive(limit, nameof(limit)));

    /// <summary>
    /// A random orthogonal matrix times a gain. With no more units than inputs, the units' weight vectors are at right angles and of
    /// length <c>gain</c>: <c>W^T W = gain^2 I</c>; else the inputs' are: <c>W W^T = gain^2 I</c>. Signals and gradients then keep their length through
    /// many linear layers.
    /// </summary>
    /// <param name="gain">Greater than 0. Default 1, for linear and tanh layers; <c>sqrt(2)</c> compensates for the half that ReLU cuts off.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number greater than 0.</exception>
    /// <remarks>
    /// Takes <c>2 n m min(n, m)</c> multiplications, in double: about a second for 1000 inputs and 1000 units. Andrew Saxe, James McClelland and
    /// Surya Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.
    /// </remarks>
    public static Initializer Orthogonal(float gain = 1) => new OrthogonalInitializer(Require.Positive(gain, nameof(gain)));

    /// <summary>
    /// Each unit begins with the same small number of inputs, chosen at random, whatever the size of the layer; these weights are normal,
    /// all others zero, though they learn like any other.
    /// </summary>
    /// <param name="inputsPerUnit">Weights of a unit that are not zero, at least 1; all of them in a layer with fewer inputs. Default 15.</param>
    /// <param name="standardDeviation">Of the weights that are not zero; greater than 0. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <remarks>James Martens, "Deep learning via Hessian-free optimization", 2010, section 5.</remarks>
    public static Initializer Sparse(int inputsPerUnit = 15, float standardDeviation = 1) => new SparseInitializer(
        Require.AtLeast(inputsPerUnit, 1, nameof(inputsPerUnit)), Require.Positive(standardDeviation, nameof(standardDeviation)));

    /// <summary>Fills a layer's weights.</summary>
    /// <param name="weights"><c>[fanIn, fanOut]</c>, row-major.</param>
    /// <param name="fanIn">Inputs of the layer, at least 1.</param>
    /// <param name="fanOut">Outputs of the layer, at least 1.</param>
    /// <param name="random">The layer's own generator: the weights are a pure function of it and of the shape.</param>
    internal void Fill(Span<float> weights, int fanIn, int fanOut, SeededRandom random)
    {
        Require.Positive(fanIn, nameof(fanIn));
        Require.Positive(fanOut, nameof(fanOut));
        Throw.IfLengthsDiffer(checked(fanIn * fanOut), weights.Length, nameof(weights));
        FillChecked(weights, fanIn, fanOut, random);
    }

    /// <summary>What <see cref="Fill"/> does once it knows that the arguments fit.</summary>
    private protected abstract void FillChecked(Span<float> weights, int fanIn, int fanOut, SeededRandom random);
}
