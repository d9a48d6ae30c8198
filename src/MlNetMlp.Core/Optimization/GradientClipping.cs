using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Keeps single mini-batches from making huge steps, by limiting the gradient before the optimizer sees it.</summary>
public abstract record GradientClipping : ISettings
{
    private protected GradientClipping()
    {
    }

    /// <summary>The name, and what is not as it is by default, for example <c>ClipByNorm { Limit = 1 }</c>.</summary>
    public sealed override string ToString() => SettingsText.Of(this);

    /// <summary>Limits every element on its own: <c>g = min(max(g, -limit), limit)</c>. This can turn the gradient's direction.</summary>
    /// <param name="limit">Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not a finite number greater than 0.</exception>
    public static GradientClipping ByValue(float limit) => new ClipByValue(Require.Positive(limit, nameof(limit)));

    /// <summary>
    /// Limits the length of the whole gradient, all parameters together: <c>g *= norm / |g|</c> where <c>|g| &gt; norm</c>, with the
    /// Euclidean norm. The direction stays.
    /// </summary>
    /// <param name="norm">Greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="norm"/> is not a finite number greater than 0.</exception>
    /// <remarks>Razvan Pascanu, Tomas Mikolov and Yoshua Bengio, "On the difficulty of training recurrent neural networks", 2013.</remarks>
    public static GradientClipping ByNorm(float norm) => new ClipByNorm(Require.Positive(norm, nameof(norm)));

    /// <summary>The Euclidean norm of a gradient, in double and in a fixed order of summation.</summary>
    internal static double Norm(ReadOnlySpan<float> gradients) => Math.Sqrt(OrderedSum.OfSquares(gradients));

    /// <summary>The same by several threads, in an order that does not depend on their number.</summary>
    internal static double Norm(ReadOnlySpan<float> gradients, ThreadTeam team) => Math.Sqrt(SharedSquares.Sum(gradients, team));

    /// <summary>Clips in place and returns the norm before clipping. NaN and infinity stay visible in the norm.</summary>
    internal double Apply(Span<float> gradients, ThreadTeam team)
    {
        double norm = Norm(gradients, team);
        if (Changes(norm))
        {
            SharedClipping.Run(this, gradients, norm, team);
        }

        return norm;
    }

    /// <summary>Whether a gradient of this norm is clipped.</summary>
    internal abstract bool Changes(double norm);

    /// <summary>Clips elements of a gradient of which <paramref name="norm"/> is the norm of the whole.</summary>
    internal abstract void Clip(Span<float> gradients, double norm);
}
