using System.Text;

namespace MlNetMlp.Search;

/// <summary>What a silo is to find out of all rows of files: their checksum, or the weights of classes.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Loss">What knows the classes; null: the checksum is asked for.</param>
/// <param name="Outputs">The number of outputs of the network.</param>
internal sealed record RowQuestion(SharedRows Rows, Loss? Loss, int Outputs)
{
    private static readonly Envelope _envelope = new("MLPROWQU", "question on rows", 1), _answer = new("MLPROWAN", "answer on rows", 1);

    public byte[] ToBytes() => RemoteFormats.Seal(_envelope, writer =>
    {
        Rows.Write(writer);
        writer.Write(Outputs);
        new SettingsWriter(writer).Write(nameof(Loss), Loss);
    });

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static RowQuestion Read(byte[] bytes) => RemoteFormats.Open(_envelope, bytes, reader =>
    {
        SharedRows rows = SharedRows.Read(reader);
        int outputs = reader.Int32();
        return new RowQuestion(rows, new SettingsReader(reader).Read<Loss?>("loss"), outputs);
    });

    /// <summary>Passes over the rows.</summary>
    /// <exception cref="ArgumentException">A target names no class.</exception>
    public byte[] Answer(IRowSource rows, CancellationToken cancellationToken) => Loss is null
        ? Encoding.ASCII.GetBytes(TrainingFingerprint.ChecksumOf(rows, cancellationToken))
        : RemoteFormats.Seal(_answer, writer => RemoteFormats.WriteNumbers(writer, ClassWeightedRows.Totals(Loss, Outputs, rows, cancellationToken)));

    public static string ReadChecksum(byte[] answer) => Encoding.ASCII.GetString(answer);

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static double[] ReadTotals(byte[] answer) => RemoteFormats.Open(_answer, answer, RemoteFormats.ReadNumbers);
}
