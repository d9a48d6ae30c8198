using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What is made of the logits of a network: predictions, the loss and its gradient, the metric.</summary>
/// <remarks>
/// The rows are shared out over the threads in pieces, whose sums are added in their order: the bits do not depend on the number of threads. A network of
/// shared members has a block of logits for each of them, one behind the other.
/// </remarks>
internal sealed class NetworkOutputs
{
    /// <summary>The rows of a piece.</summary>
    private const int RowsAtOnce = 32;

    /// <summary>Below this many logits, some ten microseconds of work, another thread costs more than it saves.</summary>
    private const int FewLogits = 1 << 10;

    private readonly int _members;
    private readonly AlignedBuffer _averages;

    /// <summary>The logits of all members for one row, for each piece.</summary>
    private readonly AlignedBuffer _ofRow;
    private readonly LossSums[] _sums;

    /// <param name="members">The number of shared members; 1: a plain network.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="maximumRows">The largest block of rows that a pass will be given.</param>
    public NetworkOutputs(int members, int outputs, int maximumRows)
    {
        _members = members;
        _sums = new LossSums[Pieces(maximumRows)];
        bool areAveraged = members > 1;
        _averages = new AlignedBuffer(areAveraged ? checked(maximumRows * outputs) : 0);
        _ofRow = new AlignedBuffer(areAveraged ? checked(_sums.Length * members * outputs) : 0);
    }

    /// <summary>The logits [rows, outputs] of the predictions: the given ones, or what the members say together, valid until the next call.</summary>
    public ReadOnlyMatrixSpan Predictions(Loss loss, MatrixSpan logits) => Predictions(loss, logits, 0, logits.Rows / _members);

    /// <summary>The sums over the rows of a mini-batch, of shared members the mean of their losses, and the gradient of the loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="logits">What the network returned.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="scale">What the sum of the losses is multiplied by, for the gradient alone.</param>
    /// <param name="gradient">Receives the gradient of the logits.</param>
    /// <param name="units">The units in which the targets were given; null: no metric is wanted.</param>
    /// <param name="team">The threads.</param>
    public unsafe LossSums Differentiate(
        Loss loss, MatrixSpan logits, RowBatch batch, float scale, MatrixSpan gradient, TargetUnits? units, ThreadTeam team)
    {
        fixed (float* values = logits.Values, target = gradient.Values)
        {
            return Add(new Body(this, loss, batch, units, values, logits.Columns, target, scale), logits, team);
        }
    }

    /// <summary>The sums over rows of the losses of the predictions, and of the metric.</summary>
    /// <inheritdoc cref="Differentiate"/>
    public unsafe LossSums Evaluate(Loss loss, MatrixSpan logits, RowBatch batch, TargetUnits? units, ThreadTeam team)
    {
        fixed (float* values = logits.Values)
        {
            return Add(new Body(this, loss, batch, units, values, logits.Columns, null, 0), logits, team);
        }
    }

    private static int Pieces(int rows) => (rows + RowsAtOnce - 1) / RowsAtOnce;

    private LossSums Add(Body body, MatrixSpan logits, ThreadTeam team)
    {
        int pieces = Pieces(logits.Rows / _members);

        // A function of the user's is called by the thread that trains alone.
        if (body.Loss.CustomName is null && logits.Values.Length >= FewLogits)
        {
            team.Run(pieces, ref body);
        }
        else
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                body.Execute(piece, 0);
            }
        }

        LossSums sum = default;
        foreach (LossSums ofPiece in _sums.AsSpan(0, pieces))
        {
            sum += ofPiece;
        }

        return sum with { Loss = sum.Loss / body.Divisor };
    }

    /// <summary>The predictions for rows that begin with a piece.</summary>
    private ReadOnlyMatrixSpan Predictions(Loss loss, MatrixSpan logits, int first, int count)
    {
        if (_members == 1)
        {
            return logits.Slice(first, count);
        }

        int rows = logits.Rows / _members, outputs = logits.Columns;
        MatrixSpan averages = _averages.AsMatrix(rows, outputs).Slice(first, count);
        MatrixSpan ofRow = new(_ofRow.Span.Slice(first / RowsAtOnce * _members * outputs, _members * outputs), _members, outputs);
        for (int i = 0; i < count; i++)
        {
            for (int m = 0; m < _members; m++)
            {
                logits.Row((m * rows) + first + i).CopyTo(ofRow.Row(m));
            }

            loss.AverageLogits(ofRow, averages.Row(i));
        }

        return averages;
    }

    /// <summary>What one piece of the rows comes to.</summary>
    private readonly unsafe struct Body(
        NetworkOutputs outputs, Loss loss, RowBatch batch, TargetUnits? units, float* logits, int columns, float* gradient, float scale) : IParallelBody
    {
        public Loss Loss => loss;

        /// <summary>What the sum of the losses is divided by.</summary>
        public int Divisor => gradient is null ? 1 : outputs._members;

        public void Execute(int piece, int worker)
        {
            int first = piece * RowsAtOnce, count = Math.Min(RowsAtOnce, batch.Count - first);
            int members = outputs._members, all = members * batch.Count;
            MatrixSpan z = new(new Span<float>(logits, all * columns), all, columns), targets = batch.TargetMatrix.Slice(first, count);
            ReadOnlySpan<float> weights = batch.Weights.Slice(first, count);
            ReadOnlyMatrixSpan predictions = gradient is null || units is not null ? outputs.Predictions(loss, z, first, count) : default;
            double sum = 0;
            if (gradient is null)
            {
                sum = loss.LossSum(predictions, targets, weights);
            }
            else
            {
                MatrixSpan slopes = new(new Span<float>(gradient, all * columns), all, columns);
                for (int m = 0; m < members; m++)
                {
                    int ofMember = (m * batch.Count) + first;
                    sum += loss.Gradient(z.Slice(ofMember, count), targets, weights, scale / members, slopes.Slice(ofMember, count));
                }
            }

            outputs._sums[piece] = new LossSums(sum, 0, 0);
            if (units is not null)
            {
                ReadOnlySpan<float> metricWeights = batch.MetricWeights.Slice(first, count);
                double weight = 0;
                foreach (float ofRow in metricWeights)
                {
                    weight += ofRow;
                }

                outputs._sums[piece] = new LossSums(sum, loss.MetricSum(predictions, targets, metricWeights, units.Scale), weight);
            }
        }
    }
}
