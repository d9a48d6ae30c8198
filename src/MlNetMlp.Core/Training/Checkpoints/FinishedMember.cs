namespace MlNetMlp;

/// <summary>A member of an ensemble whose training came to its end, as a checkpoint holds it.</summary>
/// <remarks>
/// Layout:
/// <code>
/// history  see <see cref="CheckpointHistory"/>
/// int32    best epoch, 0 for none
/// byte     whether it is that model
/// byte     why it ended, a <see cref="TrainingEnd"/>
/// int32    number n of parameters and statistics, then float32 values [n]
/// </code>
/// What all members have in common, standardization and units, is computed again.
/// </remarks>
/// <param name="History">Its reports.</param>
/// <param name="BestEpoch">See <see cref="MlpTrainingResult.BestEpoch"/>.</param>
/// <param name="IsInitialModel">See <see cref="MlpTrainingResult.IsInitialModel"/>.</param>
/// <param name="End">Why it ended; never because it was cancelled or its time was over.</param>
/// <param name="Values">Parameters and statistics, laid out as in <see cref="MlpNetwork.Parameters"/>.</param>
internal sealed record FinishedMember(IReadOnlyList<EpochReport> History, int BestEpoch, bool IsInitialModel, TrainingEnd End, float[] Values)
{
    /// <summary>The bytes of the shortest member, which has no parameters.</summary>
    public const int SmallestLength = CheckpointHistory.SmallestLength + 10;

    public static FinishedMember Of(MlpTrainingResult result) =>
        new(result.History, result.BestEpoch, result.IsInitialModel, result.End, result.Model.Values.ToArray());

    public void Write(BinaryWriter writer)
    {
        CheckpointHistory.Write(writer, History);
        writer.Write(BestEpoch);
        writer.Write(IsInitialModel);
        writer.Write((byte)End);
        writer.Write(Values.Length);
        Envelope.Write(writer, Values);
    }

    /// <param name="reader">Where to read.</param>
    /// <param name="member">The number that the member must have.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static FinishedMember Read(BoundedReader reader, int member)
    {
        EpochReport[] history = CheckpointHistory.Read(reader, member);
        int bestEpoch = reader.Int32();
        bool isInitialModel = reader.Boolean();
        var end = (TrainingEnd)reader.Byte();
        bool isEnd = Enum.IsDefined(end) && end is not (TrainingEnd.Cancelled or TrainingEnd.TimeExpired);
        if (bestEpoch < 0 || bestEpoch > history.Length || (isInitialModel && bestEpoch != 0) || !isEnd)
        {
            throw reader.Damaged($"the best epoch {bestEpoch} or the end {end} of network {member} makes no sense.");
        }

        return new(history, bestEpoch, isInitialModel, end, reader.Singles(reader.Count(sizeof(float), "parameters"), "parameters"));
    }
}
