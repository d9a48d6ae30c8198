using System.Runtime.InteropServices;
using MlNetMlp.Numerics;

namespace MlNetMlp.Networks;

/// <content>Scores with their uncertainty.</content>
public sealed partial class MlpModel
{
    /// <summary>
    /// Scores a block of rows several times by <see cref="MonteCarloDropout"/> and, of an ensemble, by every member, and returns mean and
    /// standard deviation of the scores. Allocates nothing once a thread has scored its first row.
    /// </summary>
    /// <param name="features">[rows, <see cref="FeatureCount"/>], row after row; NaN means missing.</param>
    /// <param name="mean">
    /// [rows, <see cref="OutputCount"/>]: the mean over all passes of all members of the scores as a single network gives them, so for
    /// <see cref="SigmoidCrossEntropy"/> the mean of the log-odds.
    /// </param>
    /// <param name="standardDeviation">
    /// [rows, <see cref="OutputCount"/>]: the root of the mean squared distance from that mean. 0 for a single network without dropout.
    /// </param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="passes">How many passes, and their seed. Networks without dropout score every row once.</param>
    /// <exception cref="ArgumentNullException"><paramref name="passes"/> is null.</exception>
    /// <exception cref="ArgumentException">A span does not have the length that <paramref name="rows"/> rows need.</exception>
    /// <exception cref="InvalidFeatureException">The model refuses a feature value, or it is too large to score.</exception>
    public void PredictWithUncertainty(
        ReadOnlySpan<float> features, Span<float> mean, Span<float> standardDeviation, int rows, MonteCarloDropout passes) =>
        PredictWithUncertainty(features, mean, standardDeviation, [], [], rows, passes);

    /// <summary>
    /// The same for a model of two classes, with mean and standard deviation of the <see cref="Probability"/> that each pass gives the positive class.
    /// </summary>
    /// <param name="features">[rows, <see cref="FeatureCount"/>], row after row; NaN means missing.</param>
    /// <param name="mean">[rows]: the mean of the scores, which are log-odds for <see cref="SigmoidCrossEntropy"/>.</param>
    /// <param name="standardDeviation">[rows]: the root of the mean squared distance from that mean.</param>
    /// <param name="probabilityMean">[rows]: the mean of the probabilities.</param>
    /// <param name="probabilityStandardDeviation">[rows]: the root of the mean squared distance from that mean, at most 0.5.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <param name="passes">How many passes, and their seed. Networks without dropout score every row once.</param>
    /// <exception cref="ArgumentNullException"><paramref name="passes"/> is null.</exception>
    /// <exception cref="ArgumentException">A span has another length than <paramref name="rows"/> rows need.</exception>
    /// <exception cref="InvalidOperationException">The model was not trained with a <see cref="BinaryLoss"/>.</exception>
    /// <exception cref="InvalidFeatureException">A feature is refused by the options of the model, or too large to score.</exception>
    public void PredictWithUncertainty(
        ReadOnlySpan<float> features, Span<float> mean, Span<float> standardDeviation, Span<float> probabilityMean,
        Span<float> probabilityStandardDeviation, int rows, MonteCarloDropout passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        CheckLength(features.Length, rows, FeatureCount, nameof(features));
        CheckLength(mean.Length, rows, OutputCount, nameof(mean));
        CheckLength(standardDeviation.Length, rows, OutputCount, nameof(standardDeviation));
        int probabilities = probabilityMean.IsEmpty && probabilityStandardDeviation.IsEmpty ? 0 : 1;
        CheckLength(probabilityMean.Length, rows, probabilities, nameof(probabilityMean));
        CheckLength(probabilityStandardDeviation.Length, rows, probabilities, nameof(probabilityStandardDeviation));
        if (probabilities > 0 && Loss is not BinaryLoss)
        {
            throw new InvalidOperationException($"A probability of the positive class is that of a model of two classes; this one has the loss {Loss}.");
        }

        int rowsAtOnce = Math.Clamp(ScratchFloats / PassScratchPerRow, 1, RowsAtOnce);
        for (int first = 0; first < rows; first += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, rows - first), size = count * OutputCount;
            try
            {
                ScorePasses(
                    features.Slice(first * FeatureCount, count * FeatureCount), new MatrixSpan(mean.Slice(first * OutputCount, size), count, OutputCount),
                    standardDeviation.Slice(first * OutputCount, size), probabilityMean.Slice(first * probabilities, count * probabilities),
                    probabilityStandardDeviation.Slice(first * probabilities, count * probabilities), passes);
            }
            catch (InvalidFeatureException exception) when (first > 0)
            {
                throw exception.AtRow(first + exception.Row);
            }
        }
    }

    /// <summary>
    /// Two sums in double precision for every score and for a probability, the outputs that all passes begin with, and the scratch of a pass.
    /// </summary>
    private int PassScratchPerRow => 4 * (OutputCount + 1) + MemberNetworks[0].CertainSize + MemberNetworks[0].ScratchPerRow;

    private void ScorePasses(
        ReadOnlySpan<float> features, MatrixSpan mean, Span<float> deviation, Span<float> probabilityMean, Span<float> probabilityDeviation,
        MonteCarloDropout passes)
    {
        IReadOnlyList<ScoringNetwork> networks = MemberNetworks;
        ScoringNetwork shape = networks[0];
        int rows = mean.Rows, scores = mean.Values.Length, size = scores + probabilityMean.Length;
        Span<float> scratch = Scratch(rows * PassScratchPerRow + shape.MaskSize);
        Span<double> means = MemoryMarshal.Cast<float, double>(scratch[..(2 * size)]),
            squares = MemoryMarshal.Cast<float, double>(scratch.Slice(2 * size, 2 * size));
        Span<float> mask = scratch.Slice(4 * size, shape.MaskSize), rest = scratch[(4 * size + mask.Length)..];
        var certain = new MatrixSpan(rest[..(rows * shape.CertainSize)], rows, shape.CertainSize);
        Span<float> work = rest[certain.Values.Length..];

        means.Clear();
        squares.Clear();
        long count = 0;
        for (int m = 0; m < networks.Count; m++)
        {
            Standardizer.Apply(features, work[..features.Length], rows);
            networks[m].ForwardCertain(work, certain);
            SeededRandom random = new SeededRandom(passes.Seed).At(m);
            for (int pass = 0; pass < (shape.HasDropout ? passes.Passes : 1); pass++)
            {
                networks[m].ForwardRandom(certain, work, mask, mean, random.At(pass));
                CheckFinite(features, mean);
                for (int i = 0; i < rows; i++)
                {
                    Loss.ToScores(mean.Row(i));
                }

                Targets.Limits?.Clamp(mean.Values);

                count++;
                Add(mean.Values, means, squares, count);
                for (int i = 0; i < probabilityMean.Length; i++)
                {
                    probabilityMean[i] = Probability(mean.Values[i]);
                }

                Add(probabilityMean, means[scores..], squares[scores..], count);
            }
        }

        Write(means[..scores], squares[..scores], count, mean.Values, deviation);
        Write(means[scores..], squares[scores..], count, probabilityMean, probabilityDeviation);
    }

    private static void Write(ReadOnlySpan<double> means, ReadOnlySpan<double> squares, long count, Span<float> mean, Span<float> deviation)
    {
        for (int i = 0; i < means.Length; i++)
        {
            mean[i] = (float)means[i];
            deviation[i] = (float)Math.Sqrt(squares[i] / count);
        }
    }

    /// <summary>
    /// Takes value number <paramref name="count"/>, from 1, into mean and summed squared distance from it (Welford, Note on a Method for
    /// Calculating Corrected Sums of Squares and Products, 1962).
    /// </summary>
    private static void Add(ReadOnlySpan<float> values, Span<double> means, Span<double> squares, long count)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double distance = values[i] - means[i];
            means[i] += distance / count;
            squares[i] += distance * (values[i] - means[i]);
        }
    }
}
