using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Everything that the course of a training depends on, by name: settings as text, rows and parameters as hashes.</summary>
internal sealed class TrainingFingerprint
{
    private const int RowsAtOnce = 256;

    /// <summary>Parts of the options that change nothing of what is learned, and the seed, which is there even where none is set.</summary>
    private static readonly string[] _free =
    [
        nameof(MlpTrainingOptions.NumberOfThreads), nameof(MlpTrainingOptions.ThrowOnCancellation), nameof(MlpTrainingOptions.Checkpoint),
        nameof(MlpTrainingOptions.Seed),
    ];

    private readonly SortedDictionary<string, string> _entries;

    /// <param name="entries">Names and values as they were saved.</param>
    public TrainingFingerprint(IEnumerable<KeyValuePair<string, string>> entries) =>
        _entries = new(new Dictionary<string, string>(entries), StringComparer.Ordinal);

    private TrainingFingerprint()
        : this([])
    {
    }

    public IReadOnlyDictionary<string, string> Entries => _entries;

    /// <summary>Reads all rows once.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingFingerprint Of(
        MlpArchitecture architecture,
        Loss loss,
        IRowSource training,
        IRowSource? validation,
        MlpTrainingOptions options,
        MlpModel? initialModel,
        CancellationToken cancellationToken = default)
    {
        var fingerprint = new TrainingFingerprint();
        SettingList.Add(fingerprint._entries, "", architecture);
        SettingList.Add(fingerprint._entries, nameof(Loss), loss);
        SettingList.Add(fingerprint._entries, "", options.Plain(), _free);
        SettingList.Add(fingerprint._entries, nameof(options.Seed), options.SeedOrDefault);
        fingerprint.AddRows("TrainingRows", training, cancellationToken);
        fingerprint.AddRows("ValidationRows", validation, cancellationToken);
        fingerprint._entries.Add("InitialModel", initialModel is null ? "none" : HashOf(initialModel));
        return fingerprint;
    }

    /// <summary>What is not the same here and in <paramref name="saved"/>; the parts of something that differs as a whole are not listed.</summary>
    public List<string> DifferencesFrom(TrainingFingerprint saved)
    {
        var names = new List<string>();
        foreach (string name in _entries.Keys.Union(saved._entries.Keys).Order(StringComparer.Ordinal))
        {
            if (ValueOf(name) != saved.ValueOf(name) && !names.Exists(whole => name.StartsWith(whole + ".", StringComparison.Ordinal)))
            {
                names.Add(name);
            }
        }

        return names.ConvertAll(name => $"{name} is {saved.ValueOf(name)} in the checkpoint and {ValueOf(name)} now");
    }

    private string ValueOf(string name) => _entries.GetValueOrDefault(name, "none");

    private void AddRows(string name, IRowSource? rows, CancellationToken cancellationToken)
    {
        if (rows is null)
        {
            _entries.Add(name, "none");
            return;
        }

        _entries.Add(name, rows.Count.ToString(CultureInfo.InvariantCulture));
        _entries.Add(name + ".Content", HashOf(rows, cancellationToken));
        if (rows.ShuffleWindow < rows.Count)
        {
            // The order of the rows follows from it.
            _entries.Add(name + ".ShuffleWindow", rows.ShuffleWindow.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string HashOf(IRowSource rows, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((_, RowBatch block) in rows.InBlocks(RowsAtOnce, cancellationToken))
        {
            if (block.IsSparse)
            {
                SparseSpan features = block.SparseFeatures.Matrix;
                digest.AppendData(MemoryMarshal.AsBytes(features.Offsets));
                digest.AppendData(MemoryMarshal.AsBytes(features.Indices));
                Append(digest, features.Values);
            }
            else
            {
                Append(digest, block.Features);
            }

            Append(digest, block.Targets);
            Append(digest, block.Weights);
        }

        return Text(digest);
    }

    private static string HashOf(MlpModel model)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, model.Values);
        Append(digest, model.Standardizer.Offset);
        Append(digest, model.Standardizer.Scale);
        Append(digest, model.Standardizer.Replacement);
        Append(digest, model.Targets.Offset);
        Append(digest, model.Targets.Scale);
        return Text(digest);
    }

    private static void Append(IncrementalHash digest, ReadOnlySpan<float> values) => digest.AppendData(MemoryMarshal.AsBytes(values));

    /// <summary>Half of the hash: long enough against chance, short enough for a message.</summary>
    private static string Text(IncrementalHash digest) => Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, 16));
}
