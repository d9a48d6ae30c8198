using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a checkpoint holds.</summary>
/// <remarks>
/// Layout of the body, in this order, all numbers little-endian; text is an int32 number of bytes and as many bytes of UTF-8:
/// <code>
/// int32    number of entries of the fingerprint, then for each: text name, text value
/// int32    number of epochs that were run, then for each:
///          float64 training loss, byte whether there is a validation, float64 validation loss, float64 validation metric (both 0 if not),
///          float32 learning rate, float64 gradient norm, int64 elapsed time in units of 100 ns, byte whether it was the best,
///          float64 running loss, float64 penalty
/// int64    number of mini-batches that were learned
/// int32    number of buffers, then for each: text name, int32 length n, float32 values [n], any bits
/// </code>
/// What can be recomputed from the reports (the best epoch, the patience that is left) is not stored.
/// </remarks>
/// <param name="Fingerprint">What the training depends on.</param>
/// <param name="History">The reports of the epochs that were run.</param>
/// <param name="Steps">The number of mini-batches that were learned.</param>
/// <param name="Buffers">Everything else that the training carries from epoch to epoch: parameters, the optimizer's memory, the best parameters so far.</param>
internal sealed record CheckpointContent(
    TrainingFingerprint Fingerprint, IReadOnlyList<EpochReport> History, long Steps, IReadOnlyList<OptimizerState> Buffers)
{
    /// <summary>The bytes of a report, of an empty entry and of an empty buffer.</summary>
    private const int ReportLength = 62, SmallestEntry = 8, SmallestBuffer = 8;

    public CheckpointSummary Summary => new(History.Count, Number(nameof(MlpTrainingOptions.Epochs)), History[^1].Elapsed, Number(nameof(MlpTrainingOptions.Seed)));

    public void Write(BinaryWriter writer)
    {
        writer.Write(Fingerprint.Entries.Count);
        foreach ((string name, string value) in Fingerprint.Entries)
        {
            Envelope.Write(writer, name);
            Envelope.Write(writer, value);
        }

        writer.Write(History.Count);
        foreach (EpochReport report in History)
        {
            Write(writer, report);
        }

        writer.Write(Steps);
        writer.Write(Buffers.Count);
        foreach (OptimizerState buffer in Buffers)
        {
            Envelope.Write(writer, buffer.Name);
            writer.Write(buffer.Values.Length);
            Envelope.Write(writer, buffer.Values.Span);
        }
    }

    /// <exception cref="InvalidDataException">The body is damaged.</exception>
    public static CheckpointContent Read(BoundedReader reader)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int left = reader.Count(SmallestEntry, "settings"); left > 0; left--)
        {
            string name = reader.Text("name of a setting");
            if (!entries.TryAdd(name, reader.Text("value of a setting")))
            {
                throw reader.Damaged($"it has two settings named {name}.");
            }
        }

        var fingerprint = new TrainingFingerprint(entries);
        var history = new EpochReport[reader.Count(ReportLength, "epochs")];
        if (history.Length == 0 || !entries.TryGetValue(nameof(MlpTrainingOptions.Epochs), out string? text) || !int.TryParse(text, CultureInfo.InvariantCulture, out int epochs)
            || !entries.TryGetValue(nameof(MlpTrainingOptions.Seed), out text) || !int.TryParse(text, CultureInfo.InvariantCulture, out _) || history.Length > epochs)
        {
            throw reader.Damaged("its epochs or its seed make no sense.");
        }

        for (int i = 0; i < history.Length; i++)
        {
            history[i] = ReadReport(reader, i + 1, epochs);
        }

        long steps = reader.Int64();
        var buffers = new OptimizerState[reader.Count(SmallestBuffer, "buffers")];
        for (int i = 0; i < buffers.Length; i++)
        {
            string name = reader.Text("name of a buffer");
            float[] values = reader.AnySingles(reader.Count(sizeof(float), $"numbers in '{name}'"), name);
            buffers[i] = new OptimizerState(name, new AlignedBuffer(values.Length));
            values.CopyTo(buffers[i].Values.Span);
        }

        return reader.AtEnd ? new(fingerprint, history, steps, buffers) : throw reader.Damaged("bytes are left behind its end.");
    }

    private static void Write(BinaryWriter writer, EpochReport report)
    {
        writer.Write(report.TrainingLoss);
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
        double trainingLoss = reader.Double();
        bool isValidated = reader.Boolean();
        double validationLoss = reader.Double(), validationMetric = reader.Double();
        return new EpochReport(
            epoch,
            epochs,
            trainingLoss,
            isValidated ? validationLoss : null,
            isValidated ? validationMetric : null,
            reader.Single(),
            reader.Double(),
            new TimeSpan(reader.Int64()),
            reader.Boolean())
        {
            RunningLoss = reader.Double(),
            Penalty = reader.Double(),
        };
    }

    private int Number(string name) => int.Parse(Fingerprint.Entries[name], CultureInfo.InvariantCulture);
}
