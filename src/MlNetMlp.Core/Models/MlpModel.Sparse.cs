using System.Buffers;
using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <content>Scores sparse rows.</content>
public sealed partial class MlpModel
{
    /// <summary>Room for standardized rows of a thread, of whatever model.</summary>
    [ThreadStatic]
    private static SparseFeatures? _prepared;

    /// <summary>
    /// Whether at least half of the features, if they are zero, are still zero once the model has standardized them, as after a training run on
    /// <see cref="SparseFeatures"/>: then sparse rows are scored, and learned further, without being made dense.
    /// </summary>
    internal bool KeepsZeros => 2 * Standardizer.ShiftedCount <= FeatureCount && Standardizer.Quantiles is null;

    /// <summary>Scores a block of sparse rows: the scores of the same rows made dense, bit for bit (but for the sign of a zero).</summary>
    /// <param name="features">Any number of rows; NaN means missing.</param>
    /// <param name="scores">[rows, <see cref="OutputCount"/>]; see <see cref="Predict(ReadOnlySpan{float}, Span{float})"/>.</param>
    /// <remarks>
    /// Time and memory grow with the features that are not zero if standardization leaves at least half of all zeros as they are, as after a training run
    /// on sparse rows, and the first layer has neither a residual connection nor <see cref="CosineNormalization"/>; else the rows are made dense.
    /// Allocates nothing once a thread has scored rows of that size.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="features"/> is null.</exception>
    /// <exception cref="ArgumentException">The rows have the wrong number of features, or the span has the wrong length.</exception>
    /// <exception cref="InvalidFeatureException">The model refuses a feature value, or it is too large to score.</exception>
    public void Predict(SparseFeatures features, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.FeatureCount != FeatureCount)
        {
            throw new ArgumentException($"The rows have {features.FeatureCount} features; the model has {FeatureCount}.", nameof(features));
        }

        CheckLength(scores.Length, features.Rows, OutputCount, nameof(scores));
        bool isSparse = KeepsZeros && _networks[0].TakesSparse;
        int perRow = isSparse ? ScratchPerSparseRow : FeatureCount;
        int rowsAtOnce = Math.Clamp(ScratchFloats / perRow, 1, Math.Max(1, RowsAtOnce / Architecture.SharedMembers));
        for (int first = 0; first < features.Rows; first += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, features.Rows - first);
            var block = new MatrixSpan(scores.Slice(first * OutputCount, count * OutputCount), count, OutputCount);
            if (isSparse)
            {
                ScoreSparse(features, first, block);
            }
            else
            {
                ScoreAsDense(features, first, block);
            }
        }
    }

    /// <summary>Scores rows, sparse or dense, as logits.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="logits">[rows, <see cref="OutputCount"/>].</param>
    internal void PredictLogits(RowBatch rows, Span<float> logits)
    {
        if (rows.IsSparse)
        {
            Predict(rows.SparseFeatures, logits);
        }
        else
        {
            Predict(rows.Features, logits, rows.Count);
        }

        Loss.ToLogits(logits);
    }

    private int ScratchPerSparseRow => _networks[0].ScratchPerSparseRow + (_memberCount + Architecture.SharedMembers) * OutputCount;

    private void ScoreSparse(SparseFeatures features, int first, MatrixSpan scores)
    {
        // Only filled by the standardizer, which trusts the indices of the rows.
        SparseFeatures prepared = _prepared ??= new SparseFeatures(int.MaxValue);
        prepared.Clear();
        Standardizer.Apply(features, prepared, first, scores.Rows);
        int shared = Architecture.SharedMembers, rows = scores.Rows;
        Span<float> scratch = Scratch(rows * ScratchPerSparseRow);
        Span<float> gathered = scratch[..(rows * _memberCount * OutputCount)];
        var outputs = new MatrixSpan(scratch.Slice(gathered.Length, rows * shared * OutputCount), rows * shared, OutputCount);
        outputs = shared == 1 ? scores : outputs;
        Span<float> rest = scratch[(gathered.Length + outputs.Values.Length)..];
        for (int n = 0; n < _networks.Length; n++)
        {
            _networks[n].Forward(prepared, rest, outputs);
            CheckFinite(features, first, prepared, outputs);
            for (int m = 0; m < shared; m++)
            {
                GatherOutputs(n * shared + m, outputs.Slice(m * rows, rows), gathered);
            }
        }

        ToScores(gathered, scores);
    }

    private void ScoreAsDense(SparseFeatures features, int first, MatrixSpan scores)
    {
        float[] dense = ArrayPool<float>.Shared.Rent(scores.Rows * FeatureCount);
        try
        {
            var rows = new MatrixSpan(dense.AsSpan(0, scores.Rows * FeatureCount), scores.Rows, FeatureCount);
            features.CopyTo(rows, first);
            Predict(rows.Values, scores.Values, scores.Rows);
        }
        catch (InvalidFeatureException exception) when (first > 0)
        {
            throw exception.AtRow(first + exception.Row);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(dense);
        }
    }

    /// <summary>Finite features, but a sum overflowed on the way: the feature that is largest once standardized is to blame.</summary>
    private static void CheckFinite(SparseFeatures features, int first, SparseFeatures prepared, MatrixSpan outputs)
    {
        if (RowOps.AllFinite(outputs.Values))
        {
            return;
        }

        int row = FirstOverflow(outputs) % prepared.Rows;

        // A row of zeros has only weights to blame.
        int largest = TensorPrimitives.IndexOfMaxMagnitude(prepared.Values(row)), feature = largest < 0 ? 0 : prepared.Indices(row)[largest];
        int place = features.Indices(first + row).IndexOf(feature);
        throw new InvalidFeatureException(
            first + row, feature, place < 0 ? 0 : features.Values(first + row)[place],
                "it is too far from the training rows for a finite score, or the weights are too large.");
    }
}
