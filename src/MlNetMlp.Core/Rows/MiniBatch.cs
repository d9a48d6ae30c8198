using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>The buffers that a block of rows is gathered into: standardized features, learned targets, weights of mean 1.</summary>
/// <param name="maximumRows">The most rows.</param>
/// <param name="shape">Rows of the shape that will be gathered.</param>
/// <param name="standardizer">What is done to the features.</param>
/// <param name="targetUnits">What is done to the targets; null: nothing.</param>
/// <param name="weightScale">What weights are multiplied by.</param>
/// <param name="isSparse">Whether the batch is sparse, whatever the source is.</param>
internal sealed class MiniBatch(
    int maximumRows, IRowSource shape, FeatureStandardizer standardizer, TargetUnits? targetUnits, double weightScale, bool isSparse = false)
{
    /// <summary>Rows pass through a small buffer on their way, so that they are standardized while they are in cache.</summary>
    private const int RowsAtOnce = 16;

    /// <summary>Below this many features, some microseconds of work, another thread costs more than it saves.</summary>
    private const int SmallBlock = 1 << 14;

    private readonly AlignedBuffer _features = new(isSparse ? 0 : checked(maximumRows * shape.FeatureCount));
    private readonly AlignedBuffer _targets = new(checked(maximumRows * shape.TargetCount));
    private readonly float _scale = (float)weightScale;
    private readonly float[] _weights = new float[maximumRows];
    private readonly float[] _given = new float[isSparse && shape.AsSparse() is not null ? 0 : checked(Math.Min(maximumRows, RowsAtOnce) * shape.FeatureCount)];
    private readonly SparseFeatures? _sparseGiven = isSparse ? new(shape.FeatureCount) : null;
    private readonly SparseFeatures? _sparse = isSparse ? new(shape.FeatureCount) : null;

    /// <summary>The number of rows that were gathered last.</summary>
    public int Rows { get; private set; }

    /// <summary>What goes into the network.</summary>
    public NetworkInput Input => _sparse is null ? Features : _sparse;

    /// <summary>The features of a batch that is not sparse.</summary>
    public MatrixSpan Features => _features.AsMatrix(Rows, shape.FeatureCount);

    public MatrixSpan Targets => _targets.AsMatrix(Rows, shape.TargetCount);

    public ReadOnlyMemory<float> Weights => _weights.AsMemory(0, Rows);

    /// <summary>Reads <paramref name="rows"/> of <paramref name="source"/>, which has the shape of the one this was made for.</summary>
    /// <param name="source">Where the rows are.</param>
    /// <param name="rows">Their numbers.</param>
    /// <param name="team">Threads that may share the work, if the source allows it.</param>
    /// <param name="augmentation">What changes their features on the way, before they are standardized; or null.</param>
    /// <param name="firstPlace">The place of the first row in the epoch that <paramref name="augmentation"/> is in.</param>
    /// <exception cref="InvalidFeatureException">A feature is refused; its row is the one of the source.</exception>
    public void Gather(IRowSource source, ReadOnlySpan<int> rows, ThreadTeam? team = null, EpochAugmentation? augmentation = null, int firstPlace = 0)
    {
        Rows = rows.Length;
        _sparse?.Clear();
        bool isShared = team is { Threads: > 1 } && (long)rows.Length * shape.FeatureCount >= SmallBlock
            && source.CanGatherConcurrently && _sparse is null && augmentation is null;
        if (isShared)
        {
            Share(source, rows, team!);
        }
        else
        {
            for (int first = 0; first < rows.Length; first += RowsAtOnce)
            {
                GatherAtOnce(source, rows.Slice(first, Math.Min(RowsAtOnce, rows.Length - first)), first, augmentation, firstPlace + first);
            }
        }

        targetUnits?.ToLearned(Targets.Values);
        for (int i = 0; i < rows.Length; i++)
        {
            // Tiny and huge weights have a scale beyond single precision, but products with it that are not.
            _weights[i] = float.IsNormal(_scale) ? _weights[i] * _scale : (float)(_weights[i] * weightScale);
        }
    }

    private unsafe void Share(IRowSource source, ReadOnlySpan<int> rows, ThreadTeam team)
    {
        fixed (int* numbers = rows)
        {
            var body = new SharedGathering(this, source, numbers, rows.Length, team);
            team.Run((rows.Length + RowsAtOnce - 1) / RowsAtOnce, ref body);
        }
    }

    private void GatherAtOnce(IRowSource source, ReadOnlySpan<int> rows, int first, EpochAugmentation? augmentation, int place)
    {
        if (_sparse is not null)
        {
            GatherSparse(source, rows, first);
        }
        else
        {
            GatherDense(source, rows, first, _given, augmentation, place);
        }
    }

    private void GatherDense(IRowSource source, ReadOnlySpan<int> rows, int first, Span<float> scratch, EpochAugmentation? augmentation, int place)
    {
        Span<float> given = scratch[..(rows.Length * shape.FeatureCount)];
        source.Gather(rows, given, Targets.Slice(first, rows.Length).Values, _weights.AsSpan(first, rows.Length));
        augmentation?.Apply(new MatrixSpan(given, rows.Length, shape.FeatureCount), rows, place);
        try
        {
            standardizer.Apply(given, Features.Slice(first, rows.Length).Values, rows.Length);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(rows[exception.Row], isAugmented: augmentation is not null);
        }
    }

    private void GatherSparse(IRowSource source, ReadOnlySpan<int> rows, int first)
    {
        Span<float> targets = Targets.Slice(first, rows.Length).Values, weights = _weights.AsSpan(first, rows.Length);
        _sparseGiven!.Clear();
        if (source.AsSparse() is { } sparse)
        {
            sparse.Gather(rows, _sparseGiven, targets, weights);
        }
        else
        {
            Span<float> given = _given.AsSpan(0, rows.Length * shape.FeatureCount);
            source.Gather(rows, given, targets, weights);
            for (int i = 0; i < rows.Length; i++)
            {
                _sparseGiven.Add(given.Slice(i * shape.FeatureCount, shape.FeatureCount));
            }
        }

        try
        {
            standardizer.Apply(_sparseGiven, _sparse!);
        }
        catch (InvalidFeatureException exception)
        {
            throw exception.AtRow(rows[exception.Row]);
        }
    }

    /// <summary>Reading a block on several threads, some rows each.</summary>
    private readonly unsafe struct SharedGathering(MiniBatch batch, IRowSource source, int* rows, int count, ThreadTeam team) : IParallelBody
    {
        public void Execute(int tile, int worker)
        {
            int first = tile * RowsAtOnce, length = RowsAtOnce * source.FeatureCount;
            var numbers = new ReadOnlySpan<int>(rows + first, Math.Min(RowsAtOnce, count - first));
            batch.GatherDense(source, numbers, first, new Span<float>(team.Scratch(worker, length), length), null, 0);
        }
    }
}
