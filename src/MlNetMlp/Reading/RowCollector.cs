using Microsoft.ML.Data;

namespace MlNetMlp;

/// <summary>Where rows go as they are read: without their zeros or with them, as the options say, or else as the first rows decide.</summary>
/// <param name="featureCount">The number of features of a row.</param>
/// <param name="targetCount">The number of targets of a row.</param>
/// <param name="isSparse">What was decided already; null: see <see cref="MlpTrainerOptions.SparseFeatures"/>.</param>
/// <param name="createStore">Makes the store for rows with their zeros.</param>
internal sealed class RowCollector(int featureCount, int targetCount, bool? isSparse, Func<RowStore> createStore)
{
    /// <summary>Below, dense products are quick and rows small.</summary>
    private const int FewestFeatures = 1024;

    /// <summary>At least so many times as many features as are not zero: below, dense products are quicker.</summary>
    private const int LeastSparsity = 8;

    /// <summary>The rows that decide.</summary>
    private const int RowsToDecide = 1000;

    private readonly int[] _all = isSparse == false ? [] : [.. Enumerable.Range(0, featureCount)];
    private bool? _isSparse = isSparse ?? (featureCount < FewestFeatures ? false : null);
    private SparseRows? _sparse = isSparse == false ? null : new SparseRows(featureCount, targetCount);
    private float[]? _buffer;

    /// <summary>All rows that were added.</summary>
    public IRowSource Rows
    {
        get
        {
            Decide();
            return _isSparse == true ? _sparse! : Dense.Rows;
        }
    }

    private RowStore Dense => field ??= createStore();

    public void Add(in VBuffer<float> features, ReadOnlySpan<float> targets, float weight)
    {
        if (_isSparse == false)
        {
            AddDense(in features, targets, weight);
            return;
        }

        _sparse!.Add(features.IsDense ? _all : features.GetIndices(), features.GetValues(), targets, weight);
        if (_sparse.Count == RowsToDecide || _sparse.NonZeroCount > (long)RowsToDecide * featureCount / LeastSparsity)
        {
            Decide();
        }
    }

    private void AddDense(in VBuffer<float> features, ReadOnlySpan<float> targets, float weight)
    {
        if (features.IsDense)
        {
            Dense.Add(features.GetValues(), targets, weight);
            return;
        }

        _buffer ??= new float[featureCount];
        features.CopyTo(_buffer);
        Dense.Add(_buffer, targets, weight);
    }

    private void Decide()
    {
        if (_isSparse is not null)
        {
            return;
        }

        _isSparse = _sparse!.NonZeroCount * LeastSparsity <= (long)_sparse.Count * featureCount;
        if (_isSparse == true)
        {
            return;
        }

        var row = new RowBatch(featureCount, targetCount);
        for (int i = 0; i < _sparse.Count; i++)
        {
            row.Clear();
            _sparse.Gather([i], row);
            Dense.Add(row.Features, row.Targets, row.Weights[0]);
        }

        _sparse = null;
    }
}
