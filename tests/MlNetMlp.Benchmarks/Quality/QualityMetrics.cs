namespace MlNetMlp.Benchmarks.Quality;

/// <summary>The metrics, computed the same way for everybody, from predictions alone.</summary>
internal static class QualityMetrics
{
    /// <summary>The least probability that the log-loss sees.</summary>
    private const double Least = 1e-15;

    /// <summary><c>sqrt(mean((prediction - label)^2))</c>.</summary>
    public static double RootMeanSquaredError(ReadOnlySpan<double> predictions, ReadOnlySpan<double> labels)
    {
        double sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double difference = predictions[row] - labels[row];
            sum += difference * difference;
        }

        return Math.Sqrt(sum / labels.Length);
    }

    /// <summary>
    /// <c>-mean(ln p)</c> of the probability p of the true class, in nats. As scikit-learn does it, every probability is clipped to
    /// [1e-15, 1 - 1e-15], and those of a row are then divided by their sum.
    /// </summary>
    /// <param name="probabilities">[rows, classes].</param>
    /// <param name="labels">The class of each row; -1 is one that the training rows do not have, of probability 1e-15.</param>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = probabilities.Length / labels.Length;
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            double sum = 0, ofLabel = Least;
            for (int i = 0; i < classes; i++)
            {
                double probability = Math.Clamp(probabilities[(row * classes) + i], Least, 1 - Least);
                sum += probability;
                ofLabel = i == labels[row] ? probability : ofLabel;
            }

            loss -= Math.Log(ofLabel / sum);
        }

        return loss / labels.Length;
    }

    /// <summary>The part of the rows whose most probable class is not theirs; of equal ones, the first counts.</summary>
    /// <inheritdoc cref="LogLoss"/>
    public static double ErrorRate(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels)
    {
        int classes = probabilities.Length / labels.Length, errors = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<double> ofRow = probabilities.Slice(row * classes, classes);
            int best = 0;
            for (int i = 1; i < classes; i++)
            {
                best = ofRow[i] > ofRow[best] ? i : best;
            }

            errors += best == labels[row] ? 0 : 1;
        }

        return (double)errors / labels.Length;
    }

    /// <summary>
    /// The area under the ROC curve: how often a row of class 1 has a larger score than one of class 0; equal scores count one half. NaN
    /// without rows of both classes.
    /// </summary>
    public static double AreaUnderCurve(ReadOnlySpan<double> scores, ReadOnlySpan<int> labels)
    {
        double[] sorted = scores.ToArray();
        int[] classes = labels.ToArray();
        Array.Sort(sorted, classes);
        double pairs = 0, negatives = 0;
        for (int first = 0, next; first < sorted.Length; first = next)
        {
            int positivesHere = 0;
            for (next = first; next < sorted.Length && sorted[next] == sorted[first]; next++)
            {
                positivesHere += classes[next];
            }

            int negativesHere = next - first - positivesHere;
            pairs += positivesHere * (negatives + (negativesHere / 2.0));
            negatives += negativesHere;
        }

        return pairs / (negatives * (sorted.Length - negatives));
    }
}
