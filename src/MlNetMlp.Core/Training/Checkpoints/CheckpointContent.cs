using System.Globalization;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>What a checkpoint holds.</summary>
/// <remarks>
/// Layout, in sections, all of them required; the last is only there if a callback has decided something. Numbers are
/// little-endian, text is an int32 number of bytes and as many bytes of UTF-8:
/// <code>
/// SETTINGS  int32    number of entries of the fingerprint, then for each: text name, text value
/// FINISHED  int32    number of members of an ensemble that are finished, then for each: see <see cref="FinishedMember"/>
/// HISTORY   history  of the network that is being trained, see <see cref="CheckpointHistory"/>
/// STATE     int64    number of mini-batches that it has learned
///           int32    number of buffers, then for each: text name, int32 length n, float32 values [n], any bits
/// CALLBACK  float32  factor of the learning rate   byte  whether the training is to stop
///           int32    number of epochs whose models were kept, then int32 for each, ascending
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

    /// <summary>Far more than trainings have: what is empty must not take much more memory than it has bytes.</summary>
    private const int MostEntries = 1_000_000, MostMembers = 10_000, MostBuffers = 1000;

    private static readonly SectionKind _settings = new("SETTINGS");
    private static readonly SectionKind _finished = new("FINISHED");
    private static readonly SectionKind _history = new("HISTORY");
    private static readonly SectionKind _state = new("STATE");
    private static readonly SectionKind _callback = new("CALLBACK");

    public CheckpointSummary Summary => new()
    {
        Epoch = History.Count,
        NumberOfEpochs = Last.NumberOfEpochs,
        Elapsed = Last.Elapsed,
        Seed = Number(nameof(MlpTrainingOptions.Seed)),
        Member = Last.Member,
        Members = Last.Members,
    };

    /// <summary>What callbacks have decided of the network that is being trained.</summary>
    public CallbackState Callbacks { get; init; } = CallbackState.None;

    /// <summary>The epoch that was run last.</summary>
    public EpochReport Last => History[^1];

    /// <summary>The body of the file.</summary>
    public SectionList ToSections()
    {
        var sections = new SectionList();
        sections.Add(_settings, writer =>
        {
            writer.Write(Fingerprint.Entries.Count);
            foreach ((string name, string value) in Fingerprint.Entries)
            {
                Envelope.Write(writer, name);
                Envelope.Write(writer, value);
            }
        });
        sections.Add(_finished, writer =>
        {
            writer.Write(Finished.Count);
            foreach (FinishedMember member in Finished)
            {
                member.Write(writer);
            }
        });
        sections.Add(_history, writer => CheckpointHistory.Write(writer, History));
        sections.Add(_state, writer =>
        {
            writer.Write(Steps);
            writer.Write(Buffers.Count);
            foreach (OptimizerState buffer in Buffers)
            {
                Envelope.Write(writer, buffer.Name);
                writer.Write(buffer.Values.Length);
                Envelope.Write(writer, buffer.Values.Span);
            }
        });
        if (!Callbacks.IsNone)
        {
            sections.Add(_callback, writer =>
            {
                writer.Write(Callbacks.RateFactor);
                writer.Write(Callbacks.IsStopped);
                writer.Write(Callbacks.Kept.Count);
                foreach (int epoch in Callbacks.Kept)
                {
                    writer.Write(epoch);
                }
            });
        }

        return sections;
    }

    /// <exception cref="InvalidDataException">The body is damaged.</exception>
    public static CheckpointContent Read(BoundedReader body)
    {
        var sections = new Sections(body, _settings, _finished, _history, _state, _callback);
        TrainingFingerprint fingerprint = sections.Read(_settings, ReadSettings);
        FinishedMember[] finished = sections.Read(_finished, ReadFinished);
        EpochReport[] history = sections.Read(_history, reader => CheckpointHistory.Read(reader, finished.Length + 1));
        (long steps, OptimizerState[] buffers) = sections.Read(_state, reader => (reader.Int64(), ReadBuffers(reader)));
        return new(fingerprint, finished, history, steps, buffers)
        {
            Callbacks = sections.Has(_callback) ? sections.Read(_callback, reader => ReadCallbacks(reader, history.Length)) : CallbackState.None,
        };
    }

    private static CallbackState ReadCallbacks(BoundedReader reader, int epochs)
    {
        float factor = reader.Single();
        bool isStopped = reader.Boolean();
        int[] kept = new int[reader.Count(sizeof(int), "epochs that were kept")];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = reader.Int32();
            if (kept[i] <= (i > 0 ? kept[i - 1] : 0) || kept[i] > epochs)
            {
                throw reader.Damaged($"epoch {kept[i]}, which was kept, makes no sense.");
            }
        }

        return factor > 0 && float.IsFinite(factor) ? new(factor, isStopped, kept) : throw reader.Damaged($"the factor {factor} of the rate makes no sense.");
    }

    private static TrainingFingerprint ReadSettings(BoundedReader reader)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int left = Count(reader, SmallestEntry, "settings", MostEntries); left > 0; left--)
        {
            string name = reader.Text("name of a setting");
            if (!entries.TryAdd(name, reader.Text("value of a setting")))
            {
                throw reader.Damaged($"it has two settings named {name}.");
            }
        }

        return entries.TryGetValue(nameof(MlpTrainingOptions.Seed), out string? seed) && int.TryParse(seed, CultureInfo.InvariantCulture, out _)
            ? new TrainingFingerprint(entries)
            : throw reader.Damaged("its seed makes no sense.");
    }

    private static FinishedMember[] ReadFinished(BoundedReader reader)
    {
        var finished = new FinishedMember[Count(reader, FinishedMember.SmallestLength, "finished networks", MostMembers)];
        for (int i = 0; i < finished.Length; i++)
        {
            finished[i] = FinishedMember.Read(reader, i + 1);
        }

        return finished;
    }

    private static OptimizerState[] ReadBuffers(BoundedReader reader)
    {
        var buffers = new OptimizerState[Count(reader, SmallestBuffer, "buffers", MostBuffers)];
        for (int i = 0; i < buffers.Length; i++)
        {
            string name = reader.Text("name of a buffer");
            buffers[i] = new OptimizerState(name, new AlignedBuffer(reader.Count(sizeof(float), $"numbers in '{name}'")));
            reader.AnySingles(buffers[i].Values.Span, name);
        }

        return buffers;
    }

    private static int Count(BoundedReader reader, int size, string what, int most)
    {
        int count = reader.Count(size, what);
        return count <= most ? count : throw reader.Damaged($"it has {count} {what}; at most {most} are read.");
    }

    private int Number(string name) => int.Parse(Fingerprint.Entries[name], CultureInfo.InvariantCulture);
}
