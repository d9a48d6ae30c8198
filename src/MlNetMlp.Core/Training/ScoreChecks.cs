namespace MlNetMlp;

/// <summary>Looks whether a trained model scores the rows that it was trained on: finite weights can be too large for the sums of a row.</summary>
internal static class ScoreChecks
{
    private const int RowsAtOnce = 16;

    /// <summary>Scores all training and validation rows, unless it is certain without that their scores are finite.</summary>
    /// <param name="result">The model, and how it came about.</param>
    /// <param name="task">What was trained.</param>
    /// <param name="largestFeature">See <see cref="TrainingSetup.LargestFeature"/>.</param>
    /// <exception cref="TrainingDivergedException">A score is not finite; the inner exception is the one that scoring throws.</exception>
    public static void Check(MlpTrainingResult result, TrainingTask task, double largestFeature)
    {
        if (result.Model.HasFiniteOutputs(largestFeature, drops: task.ScoringPasses is not null))
        {
            return;
        }

        Check(result, task, task.Rows, "training");
        if (task.Validation is not null)
        {
            Check(result, task, task.Validation, "validation");
        }
    }

    private static void Check(MlpTrainingResult result, TrainingTask task, IRowSource rows, string name)
    {
        float[] scores = new float[RowsAtOnce * result.Model.OutputCount], deviations = new float[scores.Length];
        int[] numbers = new int[RowsAtOnce];
        var dense = new RowBatch(rows.FeatureCount, rows.TargetCount);
        foreach ((int first, RowBatch block) in rows.InBlocks(RowsAtOnce))
        {
            Span<float> mean = scores.AsSpan(0, block.Count * result.Model.OutputCount);
            try
            {
                if (block.IsSparse)
                {
                    result.Model.Predict(block.SparseFeatures, mean);
                }
                else
                {
                    result.Model.Predict(block.Features, mean, block.Count);
                }

                if (task.ScoringPasses is { } passes)
                {
                    RowNumbers.Fill(numbers, first);
                    dense.Clear();
                    rows.GatherAll(numbers.AsSpan(0, block.Count), dense);
                    result.Model.PredictWithUncertainty(dense.Features, mean, deviations.AsSpan(0, mean.Length), block.Count, passes);
                }
            }
            catch (InvalidFeatureException exception)
            {
                throw Diverged(result, task.Options, exception.AtRow(first + exception.Row), name);
            }
        }
    }

    private static TrainingDivergedException Diverged(MlpTrainingResult result, MlpTrainingOptions options, InvalidFeatureException cause, string name)
    {
        string what = FormattableString.Invariant($"the score of row {cause.Row} of the {name} rows, where feature {cause.Feature} is {cause.Value},");
        int epoch = Math.Max(1, result.BestEpoch > 0 ? result.BestEpoch : result.History.Count);
        TrainingDivergedException exception = options.Optimizer is Lbfgs
            ? TrainingDivergedException.OfLineSearch(epoch, what)
            : new(epoch, what, result.History.Count > 0 ? result.History[^1].LearningRate : options.LearningRate.BaseRate);
        return exception.With(cause);
    }
}
