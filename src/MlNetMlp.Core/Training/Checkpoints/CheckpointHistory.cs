namespace MlNetMlp;

/// <summary>The reports of one network in a checkpoint.</summary>
/// <remarks>
/// Layout:
/// <code>
/// int32    number of the network among those that are trained, from 1
/// int32    number of networks that are to be trained
/// int32    number of epochs that it was asked for
/// int32    number of epochs that were run, at least 1, then for each:
///          float64 training loss, float64 training metric, byte whether there is a validation, float64 validation loss,
///          float64 validation metric (both 0 if not), float32 learning rate, float64 gradient norm, int64 elapsed time in units of 100 ns,
///          byte whether it was the best, float64 running loss, float64 penalty
/// </code>
/// </remarks>
internal static class CheckpointHistory
{
    /// <summary>The bytes of the shortest history.</summary>
    public const int SmallestLength = (4 * sizeof(int)) + ReportLength;

    private const int ReportLength = 70;

    /// <param name="writer">Where to write.</param>
    /// <param name="history">The reports of one network: at least one.</param>
    public static void Write(BinaryWriter writer, IReadOnlyList<EpochReport> history)
    {
        writer.Write(history[0].Member);
        writer.Write(history[0].Members);
        writer.Write(history[0].NumberOfEpochs);
        writer.Write(history.Count);
        foreach (EpochReport report in history)
        {
            Write(writer, report);
        }
    }

    /// <param name="reader">Where to read.</param>
    /// <param name="member">The number that the network must have.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static EpochReport[] Read(BoundedReader reader, int member)
    {
        int found = reader.Int32(), members = reader.Int32(), epochs = reader.Int32();
        var history = new EpochReport[reader.Count(ReportLength, "epochs")];
        if (found != member || members < member || history.Length == 0 || history.Length > epochs)
        {
            throw reader.Damaged($"{history.Length} of {epochs} epochs of network {found} of {members} make no sense in place {member}.");
        }

        for (int i = 0; i < history.Length; i++)
        {
            history[i] = ReadReport(reader, i + 1, epochs) with { Member = member, Members = members };
        }

        return history;
    }

    private static void Write(BinaryWriter writer, EpochReport report)
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

    private static EpochReport ReadReport(BoundedReader reader, int epoch, int epochs)
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
