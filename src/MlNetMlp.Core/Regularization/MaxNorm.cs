using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// Limits the length of every unit's incoming weights: <c>w *= limit / |w|</c> where <c>|w| &gt; limit</c>, with the Euclidean norm.
/// Other units stay as they are.
/// </summary>
/// <remarks>
/// Usual limits are 2 to 4, most of all together with dropout and high learning rates. Srivastava, Hinton, Krizhevsky, Sutskever and
/// Salakhutdinov, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014.
/// </remarks>
public sealed record MaxNorm : WeightConstraint
{
    /// <param name="limit">The largest norm that is allowed. Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not a finite number greater than 0.</exception>
    public MaxNorm(float limit) => Limit = Require.Positive(limit, nameof(limit));

    /// <summary>The largest norm that is allowed.</summary>
    public float Limit { get; }

    internal override void Project(MatrixSpan weights, Span<double> scratch)
    {
        Span<double> factors = ColumnScaling.Norms(weights, scratch);
        bool isExceeded = false;
        foreach (ref double factor in factors)
        {
            bool exceeds = factor > Limit && double.IsFinite(factor);
            isExceeded |= exceeds;
            factor = exceeds ? Limit / factor : 1;
        }

        if (isExceeded)
        {
            ColumnScaling.Scale(weights, scratch);
        }
    }
}
