using System.Numerics.Tensors;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>
/// What takes the place of mini-batch descent with <see cref="Lbfgs"/>: one iteration an epoch on the mean loss of all training rows plus the
/// penalties. The rows pass in blocks, always the same, whose gradients are added up in their order.
/// </summary>
internal sealed class FullBatchMinimization : IObjective
{
    /// <summary>The most rows of a block: enough to keep the products busy.</summary>
    private const int RowsAtOnce = 256;

    private readonly ParameterVector _parameters;
    private readonly LbfgsMinimizer _minimizer;
    private readonly WeightPenalty _penalty;
    private readonly WeightPenalty _smoothPenalty;
    private readonly BlockGradient _block;
    private readonly float[] _statistics;
    private readonly AlignedBuffer _hasConverged = new(1);
    private readonly int _rows;
    private readonly int _blocks;
    private SeededRandom _random;
    private CancellationToken _cancellation;

    /// <param name="network">What is trained.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="options">The other options.</param>
    /// <param name="rows">The number of training rows.</param>
    /// <param name="block">Computes the loss of a block of rows and its share of the gradient.</param>
    public FullBatchMinimization(MlpNetwork network, Lbfgs optimizer, MlpTrainingOptions options, int rows, BlockGradient block)
    {
        _parameters = network.Parameters;
        _penalty = new WeightPenalty(options.L1Regularization, options.L2Regularization);
        _smoothPenalty = new WeightPenalty(0, options.L2Regularization);
        _minimizer = optimizer.CreateMinimizer(
            _parameters.Layout.TrainableLength,
            options.L1Regularization > 0 ? new OrthantPenalty(options.L1Regularization, [.. _parameters.Segments]) : null);
        _block = block;
        _statistics = new float[_parameters.Layout.StatisticLength];
        _rows = rows;
        _blocks = (rows + network.MaximumRows - 1) / network.MaximumRows;
        IsLasting = !network.Architecture.DrawsChance;
    }

    /// <summary>
    /// Runs block number <paramref name="block"/> through the network; returns the sum of its losses and leaves its share of the gradient of
    /// the mean loss in the network's gradients.
    /// </summary>
    internal delegate double BlockGradient(int block, SeededRandom random);

    /// <summary>Everything that a checkpoint has to save.</summary>
    public IReadOnlyList<OptimizerState> State => [.. _minimizer.State, new("converged", _hasConverged)];

    /// <summary>What the penalties add to the loss that is minimised.</summary>
    public double Penalty => _penalty.Value(_parameters);

    public double GradientNorm => _minimizer.GradientNorm;

    /// <summary>The step of the last iteration, in lengths of its direction.</summary>
    public float StepLength => (float)_minimizer.Step;

    /// <summary>True once another iteration would bring nothing.</summary>
    public bool HasConverged
    {
        get => _hasConverged.Span[0] != 0;
        private set => _hasConverged.Span[0] = value ? 1 : 0;
    }

    public bool IsLasting { get; }

    public bool IsInterrupted { get; private set; }

    Span<float> IObjective.Parameters => _parameters.Trainable;

    private Span<float> Statistics => _parameters.Values.Span[_parameters.Layout.TrainableLength..];

    /// <summary>The size of the blocks for this many rows: as few as may be, all of about the same size, so that none is a lonely row.</summary>
    public static int BlockSize(int rows)
    {
        int blocks = (rows + RowsAtOnce - 1) / RowsAtOnce;
        return (rows + blocks - 1) / blocks;
    }

    /// <summary>One iteration; returns the mean loss after it, without penalties, NaN if there is none, or null if it was cancelled on the way.</summary>
    public double? Run(SeededRandom random, CancellationToken cancellationToken)
    {
        (_random, _cancellation) = (random, cancellationToken);
        Statistics.CopyTo(_statistics);
        bool moved = _minimizer.Iterate(this);
        if (!moved)
        {
            _statistics.CopyTo(Statistics);
        }

        if (IsInterrupted && !moved)
        {
            return null;
        }

        if (!_minimizer.IsMeasured)
        {
            return double.NaN;
        }

        HasConverged = IsLasting && (!moved || _minimizer.IsAtMinimum);
        return _minimizer.Value - Penalty;
    }

    double IObjective.Evaluate(Span<float> gradient)
    {
        // The statistics of batch normalization move with every pass: only those at the place where the iteration ends may stay.
        _statistics.CopyTo(Statistics);
        gradient.Clear();
        Span<float> share = _parameters.Gradients.Span;
        double sum = 0;
        for (int i = 0; i < _blocks; i++)
        {
            IsInterrupted |= _cancellation.IsCancellationRequested;
            if (IsInterrupted)
            {
                return double.NaN;
            }

            sum += _block(i, _random.At(i));
            TensorPrimitives.Add(gradient, share, gradient);
        }

        gradient.CopyTo(share);
        _smoothPenalty.AddGradient(_parameters);
        share.CopyTo(gradient);
        return (sum / _rows) + _smoothPenalty.Value(_parameters);
    }
}
