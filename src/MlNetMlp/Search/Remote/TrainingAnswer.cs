namespace MlNetMlp.Search;

/// <summary>The result of a training run as data.</summary>
/// <param name="Score">The score; null: the training run failed.</param>
/// <param name="Error">Why it failed; null: it did not.</param>
internal sealed record TrainingAnswer(FoldScore? Score, string? Error)
{
    public byte[] ToBytes() => RemoteFormats.Seal(RemoteFormats.Answer, writer =>
    {
        writer.Write(Score is not null);
        if (Score is not null)
        {
            writer.Write(Score.Value);
            writer.Write(Score.Epochs);
            writer.Write(Score.BestEpoch);
            writer.Write(Score.Elapsed.Ticks);
            writer.Write(Score.IsPruned);
            RemoteFormats.WriteNumbers(writer, Score.Losses);
        }
        else
        {
            Envelope.Write(writer, Error ?? "");
        }
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static TrainingAnswer Read(byte[] bytes) => RemoteFormats.Open(RemoteFormats.Answer, bytes, reader => reader.Boolean()
        ? new TrainingAnswer(
            new FoldScore
            {
                Value = reader.Double(),
                Epochs = reader.Int32(),
                BestEpoch = reader.Int32(),
                Elapsed = new TimeSpan(reader.Int64()),
                IsPruned = reader.Boolean(),
                Losses = RemoteFormats.ReadNumbers(reader),
            }, null)
        : new TrainingAnswer(null, reader.Text("error")));
}
