using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>See <see cref="ClassWeights.Of"/>.</summary>
internal sealed record GivenClassWeights : ClassWeights
{
    private readonly float[] _weights;

    public GivenClassWeights(float[] weights)
    {
        foreach (float weight in weights)
        {
            Require.NonNegative(weight, nameof(weights));
        }

        if (weights.Length < 2 || !weights.AsSpan().ContainsAnyExcept(0f))
        {
            throw new ArgumentException("Class weights are needed for at least two classes, and at least one must be greater than 0.", nameof(weights));
        }

        _weights = weights;
    }

    public bool Equals(GivenClassWeights? other) => other is not null && _weights.AsSpan().SequenceEqual(other._weights);

    public override int GetHashCode() => _weights.Aggregate(_weights.Length, HashCode.Combine);

    internal override float[] Factors(ReadOnlySpan<double> totals) => totals.Length == _weights.Length
        ? _weights
        : throw new ArgumentException($"There are {_weights.Length} {nameof(ClassWeights)}, but {totals.Length} classes; each class needs one.");
}
