namespace MlNetMlp;

/// <summary>How a model was trained, as files of models have it.</summary>
/// <remarks>
/// Layout; text is an int32 number of bytes and as many bytes of UTF-8:
/// <code>
/// text     name of the metric
/// int32    number of epochs of all networks, then for each: int32 epoch, int32 epochs that were asked for, int32 network, int32 networks that were
///          asked for, and what <see cref="EpochReportRecord"/> has
/// int32    best epoch, 0 for none               byte   whether it is the model that the training continued from
/// byte     why it ended, a <see cref="TrainingEnd"/>
/// byte     whether rows were held out, and if so: float64 loss, float64 metric, int32 number of rows
/// int32    number of networks of an ensemble, 0 where there is none, then for each:
///          int32 number of epochs, int32 best epoch, byte whether it is the initial model, byte why it ended
/// </code>
/// The epochs of the networks follow each other. Behind them may be those of a network that was not finished.
/// </remarks>
internal static class TrainingResultRecord
{
    private const int ReportLength = (4 * sizeof(int)) + EpochReportRecord.Length, MemberLength = (2 * sizeof(int)) + 2;

    public static void Write(BinaryWriter writer, MlpTrainingResult result)
    {
        Envelope.Write(writer, result.History.MetricName);
        writer.Write(result.History.Count);
        foreach (EpochReport report in result.History)
        {
            writer.Write(report.Epoch);
            writer.Write(report.NumberOfEpochs);
            writer.Write(report.Member);
            writer.Write(report.Members);
            EpochReportRecord.Write(writer, report);
        }

        WriteEnd(writer, result);
        writer.Write(result.HeldOutLoss is not null);
        if (result.HeldOutLoss is { } loss)
        {
            writer.Write(loss);
            writer.Write(result.HeldOutMetric!.Value);
            writer.Write(result.HeldOutRows);
        }

        writer.Write(result.Members.Count);
        foreach (MlpTrainingResult member in result.Members)
        {
            writer.Write(member.History.Count);
            WriteEnd(writer, member);
        }
    }

    /// <param name="reader">Where to read.</param>
    /// <param name="model">The model that was trained.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or are not of the model.</exception>
    public static MlpTrainingResult Read(BoundedReader reader, MlpModel model)
    {
        string metric = reader.Text("name of the metric");
        var reports = new EpochReport[reader.Count(ReportLength, "epochs")];
        for (int i = 0; i < reports.Length; i++)
        {
            (int epoch, int epochs, int member, int members) = (reader.Int32(), reader.Int32(), reader.Int32(), reader.Int32());
            reports[i] = epoch >= 1 && epoch <= epochs && member >= 1 && member <= members
                ? EpochReportRecord.Read(reader, epoch, epochs) with { Member = member, Members = members }
                : throw reader.Damaged($"epoch {epoch} of {epochs} of network {member} of {members} makes no sense.");
        }

        MlpTrainingResult result = ReadEnd(reader, model, new TrainingHistory(reports, metric));
        if (reader.Boolean())
        {
            result = result with { HeldOutLoss = reader.Double(), HeldOutMetric = reader.Double(), HeldOutRows = reader.Int32() };
        }

        var networks = new MlpTrainingResult[reader.Count(MemberLength, "networks")];
        if (networks.Length > 0 && networks.Length != model.Networks.Count)
        {
            throw reader.Damaged($"it tells of the training of {networks.Length} networks, and has {model.Networks.Count}.");
        }

        int first = 0;
        for (int i = 0; i < networks.Length; i++)
        {
            int count = reader.Int32();
            if (count < 0 || count > reports.Length - first)
            {
                throw reader.Damaged($"the {count} epochs of network {i + 1} are not there.");
            }

            networks[i] = ReadEnd(reader, model.Networks[i], new TrainingHistory(reports.AsSpan(first, count).ToArray(), metric));
            first += count;
        }

        return result with { Members = networks };
    }

    private static void WriteEnd(BinaryWriter writer, MlpTrainingResult result)
    {
        writer.Write(result.BestEpoch);
        writer.Write(result.IsInitialModel);
        writer.Write((byte)result.End);
    }

    private static MlpTrainingResult ReadEnd(BoundedReader reader, MlpModel model, TrainingHistory history)
    {
        int best = reader.Int32();
        bool isInitial = reader.Boolean();
        var end = (TrainingEnd)reader.Byte();
        return best >= 0 && best <= history.Count && (best == 0 || !isInitial) && Enum.IsDefined(end)
            ? new() { Model = model, History = history, BestEpoch = best, End = end, IsInitialModel = isInitial }
            : throw reader.Damaged($"the best epoch {best} of {history.Count} or the end {end} makes no sense.");
    }
}
