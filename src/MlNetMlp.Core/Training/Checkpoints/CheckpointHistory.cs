namespace MlNetMlp;

/// <summary>The reports of one network in a checkpoint.</summary>
/// <remarks>
/// Layout:
/// <code>
/// int32    number of the network among those that are trained, from 1
/// int32    number of networks that are to be trained
/// int32    number of epochs that it was asked for
/// int32    number of epochs that were run, at least 1, then for each: see <see cref="EpochReportRecord"/>
/// </code>
/// </remarks>
internal static class CheckpointHistory
{
    /// <summary>The bytes of the shortest history.</summary>
    public const int SmallestLength = (4 * sizeof(int)) + EpochReportRecord.Length;

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
            EpochReportRecord.Write(writer, report);
        }
    }

    /// <param name="reader">Where to read.</param>
    /// <param name="member">The number that the network must have.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static EpochReport[] Read(BoundedReader reader, int member)
    {
        int found = reader.Int32(), members = reader.Int32(), epochs = reader.Int32();
        var history = new EpochReport[reader.Count(EpochReportRecord.Length, "epochs")];
        if (found != member || members < member || history.Length == 0 || history.Length > epochs)
        {
            throw reader.Damaged($"{history.Length} of {epochs} epochs of network {found} of {members} make no sense in place {member}.");
        }

        for (int i = 0; i < history.Length; i++)
        {
            history[i] = EpochReportRecord.Read(reader, i + 1, epochs) with { Member = member, Members = members };
        }

        return history;
    }
}
