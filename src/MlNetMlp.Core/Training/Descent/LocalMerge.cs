using System.Runtime.Intrinsics;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What the mean of shards that have made steps on their own lacks, to be what steps of all of them together would have come to.</summary>
/// <remarks>
/// The gradients of a shard are noisier than those of all shards. Rules that divide by the size of gradients have remembered a size that is too large: see
/// <see cref="LocalSteps.CorrectSquares"/>. Steps that are equally long whatever the gradient point more in directions of their own, so that their mean is too
/// short: it gets the root mean square of the lengths that the shards have gone.
/// </remarks>
/// <param name="optimizer">The rule.</param>
/// <param name="parameters">What is trained.</param>
/// <param name="shards">The number of shards.</param>
internal sealed class LocalMerge(MiniBatchOptimizer optimizer, ParameterVector parameters, int shards)
{
    private readonly Parameter[] _matrices = optimizer.EquallyLong(parameters);
    private readonly int _length = parameters.Layout.TrainableLength;

    /// <summary>What a checkpoint has to save.</summary>
    public OptimizerState State { get; } = new("squareShare", AllOfIt());

    /// <summary>The <see cref="StepContext.SquareShare"/> of the steps that come.</summary>
    public float SquareShare => State.Values.Span[0];

    /// <summary>How many lengths there are.</summary>
    public int Lengths => _matrices.Length;

    /// <summary>Computes the squares of the lengths that a shard has gone.</summary>
    /// <param name="start">The parameters where all shards began.</param>
    /// <param name="end">The parameters that it has come to.</param>
    /// <param name="squares">Receives them.</param>
    public void Measure(ReadOnlySpan<float> start, ReadOnlySpan<float> end, Span<double> squares)
    {
        for (int i = 0; i < _matrices.Length; i++)
        {
            squares[i] = SquaredLength(_matrices[i], start, end);
        }
    }

    /// <summary>Corrects the mean over all shards.</summary>
    /// <param name="steps">The number of steps that each has made.</param>
    /// <param name="start">Parameters and memory of the optimizer where all shards began.</param>
    /// <param name="mean">The mean of what they have come to; receives the corrected one.</param>
    /// <param name="squares">The mean over all shards of the squares of their lengths.</param>
    public void Correct(int steps, ReadOnlySpan<float> start, Span<float> mean, ReadOnlySpan<double> squares)
    {
        for (int i = 0; i < _matrices.Length; i++)
        {
            double ofMean = SquaredLength(_matrices[i], start, mean), factor = ofMean > 0 ? Math.Sqrt(squares[i] / ofMean) : 1;
            ReadOnlySpan<float> from = start.Slice(_matrices[i].Offset, _matrices[i].Length);
            Span<float> to = mean.Slice(_matrices[i].Offset, _matrices[i].Length);
            DoubleMath.Apply(new Lengthened(factor), to, from, from, to);
        }

        State.Values.Span[0] = optimizer.Merge(new LocalSteps(steps, shards, SquareShare), _length, start[_length..], mean[_length..]);
    }

    private static double SquaredLength(Parameter matrix, ReadOnlySpan<float> start, ReadOnlySpan<float> end)
    {
        ReadOnlySpan<float> from = start.Slice(matrix.Offset, matrix.Length), to = end.Slice(matrix.Offset, matrix.Length);
        return OrderedSum.Of(default(SquaredWay), to, from, from);
    }

    private static AlignedBuffer AllOfIt()
    {
        var share = new AlignedBuffer(1);
        share.Span[0] = 1;
        return share;
    }

    /// <summary><c>(end - start)^2</c>.</summary>
    private readonly struct SquaredWay : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> end, Vector512<double> start, Vector512<double> same) => (end - start) * (end - start);
    }

    /// <summary><c>start + factor (end - start)</c>.</summary>
    private readonly struct Lengthened(double factor) : IDoubleFormula
    {
        public Vector512<double> Of(Vector512<double> end, Vector512<double> start, Vector512<double> same) => start + (end - start) * factor;
    }
}
