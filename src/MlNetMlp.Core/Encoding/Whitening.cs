using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// A linear map of the standardized features that makes them uncorrelated; see <see cref="FeatureScaling.WhitenPca"/>. Immutable, compared by value.
/// </summary>
internal sealed class Whitening : ISettings, IEquatable<Whitening>
{
    private readonly float[] _matrix;

    /// <param name="features">The number of features.</param>
    /// <param name="matrix">[features, components].</param>
    /// <exception cref="ArgumentException">The matrix has no such rows, or a number that is not finite.</exception>
    public Whitening(int features, float[] matrix)
    {
        (FeatureCount, _matrix) = (features, matrix);
        if (features < 1 || matrix.Length == 0 || matrix.Length % features != 0 || !RowOps.AllFinite(matrix))
        {
            throw new ArgumentException($"A matrix of {matrix.Length} finite numbers cannot whiten {features} features.");
        }
    }

    public int FeatureCount { get; }

    public int Components => _matrix.Length / FeatureCount;

    /// <summary>[features, components].</summary>
    public ReadOnlyMatrixSpan Matrix => new(_matrix, FeatureCount, Components);

    public bool Equals(Whitening? other) => other is not null && FeatureCount == other.FeatureCount && _matrix.AsSpan().SequenceEqual(other._matrix);

    public override bool Equals(object? other) => Equals(other as Whitening);

    public override int GetHashCode() => HashCode.Combine(FeatureCount, _matrix.Length);

    /// <summary>For example <c>8 features to 5 components</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{FeatureCount} features to {Components} components");
}
