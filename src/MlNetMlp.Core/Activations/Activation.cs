using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The function that a unit applies to its weighted sum: <c>a = f(z)</c>, element by element.</summary>
/// <remarks>
/// Immutable and compared by value. Every function here is one whose derivative can be written in terms of its result, so a layer
/// keeps <c>a</c> alone and forgets <c>z</c>.
/// </remarks>
public abstract record Activation
{
    private protected Activation()
    {
    }

    /// <summary><c>f(z) = z</c>.</summary>
    public static Activation Identity { get; } = new IdentityActivation();

    /// <summary><c>f(z) = max(0, z)</c> (Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010).</summary>
    public static Activation Relu { get; } = new ReluActivation();

    /// <summary><c>f(z) = tanh(z)</c>.</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary><c>f(z) = 1 / (1 + exp(-z))</c>.</summary>
    public static Activation Sigmoid { get; } = new SigmoidActivation();

    /// <summary><c>f(z) = z</c> for positive z, else <c>slope z</c> (Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013).</summary>
    /// <param name="slope">The factor of negative sums, in (0, 1]. Default 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slope"/> is outside of (0, 1].</exception>
    public static Activation LeakyRelu(float slope = 0.01f) => new LeakyReluActivation(slope);

    /// <summary><c>f(z) = z</c> for positive z, else <c>alpha (exp(z) - 1)</c> (Clevert, Unterthiner and Hochreiter, Exponential Linear Units, 2016).</summary>
    /// <param name="alpha">The negative of the limit at minus infinity, positive and finite. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="alpha"/> is not positive and finite.</exception>
    public static Activation Elu(float alpha = 1f) => new EluActivation(alpha);

    /// <summary>The weights that suit the function when a layer names no initializer of its own.</summary>
    internal virtual Initializer DefaultInitializer => Initializer.GlorotUniform;

    /// <summary>Replaces each z by f(z). The result of an element does not depend on where it stands in the span.</summary>
    internal abstract void Apply(Span<float> values);

    /// <summary>Multiplies the gradient with respect to <c>a</c> by <c>f'(z)</c>, which <paramref name="output"/> (the values of <c>a</c>) determines.</summary>
    internal abstract void MultiplyByDerivative(ReadOnlySpan<float> output, Span<float> gradient);
}
