using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a checkpoint holds.</summary>
/// <remarks>
/// Layout of the body, in this order, all numbers little-endian; text is an int32 number of bytes and as many bytes of UTF-8:
/// <code>
/// int32    number of entries of the fingerprint, then for each: text name, text value
/// int32    number of members of an ensemble that are finished, then for each: see <see cref="FinishedMember"/>
/// history  of the network that is being trained, see <see cref="CheckpointHistory"/>
/// int64    number of mini-batches that it has learned
/// int32    number of buffers, then for each: text name, int32 length n, float32 values [n], any bits
/// </code>
/// What can be recomputed from the reports (the best epoch, the patience that is left) is not stored.
/// </remarks>
/// <param name="Fingerprint">What the training depends on.</param>
/// <param name="Finished">The members of an ensemble that are finished; none for a single network.</param>
/// <param name="History">The reports of the network that is being trained.</param>
/// <param name="Steps">The number of mini-batches that it has learned.</param>
/// <param name="Buffers">Everything else that the training carries from epoch to epoch: parameters, the optimizer's memory, the best parameters so far.</param>
internal sealed record CheckpointContent(
    TrainingFingerprint Fingerprint, IReadOnlyList<FinishedMember> Finished, IReadOnlyList<EpochReport> History, long Steps,
        IReadOnlyList<OptimizerState> Buffers)
{
    /// <summary>The bytes of an empty entry and of an empty buffer.</summary>
    private const int SmallestEntry = 8, SmallestBuffer = 8;

    public CheckpointSummary Summary => new()
    {
        Epoch = History.Count,
        NumberOfEpochs = Last.NumberOfEpochs,
        Elapsed = Last.Elapsed,
        Seed = Number(nameof(MlpTrainingOptions.Seed)),
        Member = Last.Member,
        Members = Last.Members,
    };

    /// <summary>The epoch that was run last.</summary>
    public EpochReport Last => History[^1];

    public void Write(BinaryWriter writer)
    {
        writer.Write(Fingerprint.Entries.Count);
        foreach ((string name, string value) in Fingerprint.Entries)
        {
            Envelope.Write(writer, name);
            Envelope.Write(writer, value);
        }

        writer.Write(Finished.Count);
        foreach (FinishedMember member in Finished)
        {
            member.Write(writer);
        }

        CheckpointHistory.Write(writer, History);
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

        if (!entries.TryGetValue(nameof(MlpTrainingOptions.Seed), out string? seed) || !int.TryParse(seed, CultureInfo.InvariantCulture, out _))
        {
            throw reader.Damaged("its seed makes no sense.");
        }

        var finished = new FinishedMember[reader.Count(FinishedMember.SmallestLength, "finished networks")];
        for (int i = 0; i < finished.Length; i++)
        {
            finished[i] = FinishedMember.Read(reader, i + 1);
        }

        EpochReport[] history = CheckpointHistory.Read(reader, finished.Length + 1);
        long steps = reader.Int64();
        var buffers = new OptimizerState[reader.Count(SmallestBuffer, "buffers")];
        for (int i = 0; i < buffers.Length; i++)
        {
            string name = reader.Text("name of a buffer");
            float[] values = reader.AnySingles(reader.Count(sizeof(float), $"numbers in '{name}'"), name);
            buffers[i] = new OptimizerState(name, new AlignedBuffer(values.Length));
            values.CopyTo(buffers[i].Values.Span);
        }

        return reader.AtEnd ? new(new TrainingFingerprint(entries), finished, history, steps, buffers) : throw reader.Damaged("bytes are left behind its end.");
    }

    private int Number(string name) => int.Parse(Fingerprint.Entries[name], CultureInfo.InvariantCulture);
}
