namespace MlNetMlp.Benchmarks.Quality;

/// <summary>One training that is to be done.</summary>
/// <param name="Set">The set.</param>
/// <param name="Side">Who trains.</param>
/// <param name="Split">Which rows.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Threads">How many threads; null: as it likes.</param>
internal sealed record QualityJob(QualitySet Set, QualitySide Side, QualitySplit Split, int Seed, int? Threads)
{
    /// <summary>A result without numbers: what says which training it is.</summary>
    public QualityResult Blank => new(Set.Name, Side.Name, Split.Name, Split.Fold, Seed, Threads, Side.Code)
    {
        Task = Set.Task,
        Rows = Set.Rows,
    };

    public override string ToString() =>
        $"{Set.Name}, {Side.Name}, seed {Seed}" + (Split.Folds is null ? "" : $", fold {Split.Fold + 1} of {Split.Folds}");

    /// <summary>Trains and computes the metrics. A failure is a result, too.</summary>
    /// <param name="rows">The rows of the set and the split.</param>
    /// <param name="alone">Whether nothing else runs in this process meanwhile.</param>
    public QualityResult Run(PreparedRows rows, bool alone)
    {
        QualityResult blank = Blank with { Rows = rows.TrainLabels.Length, Features = rows.Features };
        Predicted predicted;
        try
        {
            predicted = Side.Run(rows, Seed, Threads, alone);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return blank with { Problem = problem.GetBaseException().Message };
        }

        QualityResult result = blank with
        {
            FitSeconds = predicted.FitSeconds,
            ProcessorSeconds = predicted.ProcessorSeconds,
            ScoringMicrosecondsPerRow = predicted.ScoringSeconds * 1e6 / rows.TestLabels.Length,
            Bytes = predicted.Bytes,
        };
        double[] values = predicted.Values;
        if (!values.All(double.IsFinite))
        {
            return result with { Problem = "Predictions are no finite numbers." };
        }

        if (Set.Task == QualityTask.Regression)
        {
            return result with { Metric = QualityMetrics.RootMeanSquaredError(values, rows.TestLabels) };
        }

        int[] labels = [.. rows.TestLabels.Select(label => (int)label)];
        return result with
        {
            Metric = QualityMetrics.LogLoss(values, labels),
            ErrorRate = QualityMetrics.ErrorRate(values, labels),
            AreaUnderCurve = Set.Task == QualityTask.Binary
                ? QualityMetrics.AreaUnderCurve([.. values.Where((_, place) => place % 2 == 1)], labels)
                : null,
        };
    }
}
