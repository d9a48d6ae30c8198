using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>How much each class counts while a network is trained to classify. Immutable, compared by value.</summary>
public abstract record ClassWeights : ISettings
{
    private protected ClassWeights()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>GivenClassWeights { Weights = [1, 2] }</c>.</summary>
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>
    /// Every class counts the same in total, however rare it is: <c>n / (C n_c)</c>, with the weight n of all training rows, the weight
    /// n_c of those of class c, and the number C of classes that have any (King and Zeng, Logistic Regression in Rare Events Data, 2001).
    /// </summary>
    /// <remarks>A class without training rows has the weight 1, which matters only for validation rows.</remarks>
    public static ClassWeights Balanced { get; } = new BalancedClassWeights();

    /// <summary>Given weights. Only their ratios matter.</summary>
    /// <param name="weights">
    /// One for each class: in the order of the class indices (of the key's values), or the negative class and then the positive one.
    /// Finite, at least 0, not all 0.
    /// </param>
    /// <exception cref="ArgumentException">There are fewer than two weights, or all are 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative, infinite or NaN.</exception>
    public static ClassWeights Of(params ReadOnlySpan<float> weights) => new GivenClassWeights(weights.ToArray());

    /// <summary>The factor of each class.</summary>
    /// <param name="totals">The sum of the weights of the training rows of each class.</param>
    /// <exception cref="ArgumentException">There is another number of classes.</exception>
    internal abstract float[] Factors(ReadOnlySpan<double> totals);
}
