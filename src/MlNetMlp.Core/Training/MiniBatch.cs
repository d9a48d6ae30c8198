using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The buffers that a block of rows is gathered into: standardized features, learned targets, weights of mean 1.</summary>
internal sealed class MiniBatch(int maximumRows, IRowSource shape, FeatureStandardizer standardizer, TargetUnits? targetUnits, float weightScale)
{
    private readonly AlignedBuffer _features = new(checked(maximumRows * shape.FeatureCount));
    private readonly AlignedBuffer _targets = new(checked(maximumRows * shape.TargetCount));
    private readonly float[] _weights = new float[maximumRows];

    /// <summary>The number of rows that were gathered last.</summary>
    public int Rows { get; private set; }

    public MatrixSpan Features => _features.AsMatrix(Rows, shape.FeatureCount);

    public MatrixSpan Targets => _targets.AsMatrix(Rows, shape.TargetCount);

    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Rows);

    /// <summary>Reads <paramref name="rows"/> of <paramref name="source"/>, which has the shape of the one this was made for.</summary>
    public void Gather(IRowSource source, ReadOnlySpan<int> rows)
    {
        Rows = rows.Length;
        Span<float> features = Features.Values, targets = Targets.Values, weights = _weights.AsSpan(0, Rows);
        source.Gather(rows, features, targets, weights);
        standardizer.Apply(features, features, Rows);
        targetUnits?.ToLearned(targets);
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= weightScale;
        }
    }
}
