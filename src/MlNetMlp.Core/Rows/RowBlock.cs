namespace MlNetMlp;

/// <summary>Some consecutive rows of a source, in the form in which it has them: with their zeros or without.</summary>
/// <param name="source">The rows.</param>
/// <param name="maximumRows">The most rows to read at a time.</param>
/// <param name="cancellationToken">Looked at before every reading.</param>
internal sealed class RowBlock(IRowSource source, int maximumRows, CancellationToken cancellationToken = default)
{
    private readonly ISparseRowSource? _sparse = source.AsSparse();
    private readonly float[] _features = source.AsSparse() is null ? new float[checked(maximumRows * source.FeatureCount)] : [];
    private readonly float[] _targets = new float[checked(maximumRows * source.TargetCount)];
    private readonly float[] _weights = new float[maximumRows];
    private readonly int[] _numbers = new int[maximumRows];

    /// <summary>The number of rows that were read last.</summary>
    public int Rows { get; private set; }

    /// <summary>The features without their zeros, or null if the source is dense.</summary>
    public SparseFeatures? Sparse { get; } = source.AsSparse() is null ? null : new SparseFeatures(source.FeatureCount);

    /// <summary>[rows, features] of a dense source.</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Rows * source.FeatureCount);

    /// <summary>[rows, targets].</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, Rows * source.TargetCount);

    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Rows);

    /// <summary>Reads rows from number <paramref name="first"/> on, as many as there are, and room for; returns false if there are none.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool Read(int first)
    {
        Rows = Math.Min(maximumRows, source.Count - first);
        for (int i = 0; i < Rows; i++)
        {
            _numbers[i] = first + i;
        }

        if (Rows <= 0)
        {
            return false;
        }

        cancellationToken.ThrowIfCancellationRequested();
        Sparse?.Clear();
        Span<float> targets = _targets.AsSpan(0, Rows * source.TargetCount), weights = _weights.AsSpan(0, Rows);
        if (_sparse is not null)
        {
            _sparse.Gather(_numbers.AsSpan(0, Rows), Sparse!, targets, weights);
        }
        else
        {
            source.Gather(_numbers.AsSpan(0, Rows), _features.AsSpan(0, Rows * source.FeatureCount), targets, weights);
        }

        return true;
    }

    public ReadOnlySpan<float> FeaturesOf(int row) => _features.AsSpan(row * source.FeatureCount, source.FeatureCount);

    public ReadOnlySpan<float> TargetsOf(int row) => _targets.AsSpan(row * source.TargetCount, source.TargetCount);
}
