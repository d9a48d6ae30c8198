namespace MlNetMlp;

/// <summary>What the epochs of a report brought, as files have it: all but how many epochs and networks there are.</summary>
/// <remarks>
/// Layout:
/// <code>
/// float64 training loss, float64 training metric, byte whether there is a validation, float64 validation loss,
/// float64 validation metric (both 0 if not), float32 learning rate, float64 gradient norm, int64 elapsed time in units of 100 ns,
/// byte whether it was the best, float64 running loss, float64 penalty
/// </code>
/// </remarks>
internal static class EpochReportRecord
{
    /// <summary>The bytes of a report.</summary>
    public const int Length = 70;

    public static void Write(BinaryWriter writer, EpochReport report)
    {
        writer.Write(report.TrainingLoss);
        writer.Write(report.TrainingMetric);
        writer.Write(report.ValidationLoss is not null);
        writer.Write(report.ValidationLoss ?? 0);
        writer.Write(report.ValidationMetric ?? 0);
        writer.Write(report.LearningRate);
        writer.Write(report.GradientNorm);
        writer.Write(report.Elapsed.Ticks);
        writer.Write(report.IsBest);
        writer.Write(report.RunningLoss);
        writer.Write(report.Penalty);
    }

    /// <param name="reader">Where to read.</param>
    /// <param name="epoch">The number of the epoch.</param>
    /// <param name="epochs">How many were asked for.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static EpochReport Read(BoundedReader reader, int epoch, int epochs)
    {
        double trainingLoss = reader.Double(), trainingMetric = reader.Double();
        bool isValidated = reader.Boolean();
        double validationLoss = reader.Double(), validationMetric = reader.Double();
        return new EpochReport
        {
            Epoch = epoch,
            NumberOfEpochs = epochs,
            TrainingLoss = trainingLoss,
            TrainingMetric = trainingMetric,
            ValidationLoss = isValidated ? validationLoss : null,
            ValidationMetric = isValidated ? validationMetric : null,
            LearningRate = reader.Single(),
            GradientNorm = reader.Double(),
            Elapsed = new TimeSpan(reader.Int64()),
            IsBest = reader.Boolean(),
            RunningLoss = reader.Double(),
            Penalty = reader.Double(),
        };
    }
}
