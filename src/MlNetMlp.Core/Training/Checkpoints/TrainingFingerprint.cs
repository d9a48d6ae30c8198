using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MlNetMlp.Numerics;

namespace MlNetMlp;

/// <summary>Everything that the course of a training run depends on, by name: settings as text, rows and parameters as hashes.</summary>
internal sealed class TrainingFingerprint
{
    private const int RowsAtOnce = 256;

    private readonly SortedDictionary<string, string> _entries;

    /// <param name="entries">Names and values as they were saved.</param>
    public TrainingFingerprint(IEnumerable<KeyValuePair<string, string>> entries) =>
        _entries = new(new Dictionary<string, string>(entries), StringComparer.Ordinal);

    /// <summary>Of nothing yet.</summary>
    public TrainingFingerprint()
        : this([])
    {
    }

    public IReadOnlyDictionary<string, string> Entries => _entries;

    /// <summary>Adds settings and all that they consist of; see <see cref="SettingList"/>.</summary>
    /// <param name="name">What they are; empty for settings whose parts are to be named alone.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="without">The names of parts to leave out.</param>
    public void AddSettings(string name, ISettings settings, params ReadOnlySpan<string> without) => SettingList.Add(_entries, name, settings, without);

    /// <summary>Adds a single number.</summary>
    public void AddNumber(string name, int number) => _entries.Add(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds many numbers.</summary>
    public void AddNumbers(string name, IReadOnlyList<long> numbers)
    {
        long[] values = [.. numbers];
        _entries.Add(name, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<long>(values))));
    }

    /// <summary>Adds the parameters and units of a model, if there is one.</summary>
    public void AddModel(string name, MlpModel? model) => _entries.Add(name, model is null ? "none" : HashOf(model));

    /// <summary>Adds all rows, if there are any; reads them once.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void AddRows(string name, IRowSource? rows, CancellationToken cancellationToken)
    {
        if (rows is null)
        {
            _entries.Add(name, "none");
            return;
        }

        _entries.Add(name, rows.Count.ToString(CultureInfo.InvariantCulture));
        _entries.Add(name + ".Content", ChecksumOf(rows, cancellationToken));
        if (rows.ShuffleWindow < rows.Count)
        {
            // The order of the rows follows from it.
            _entries.Add(name + ".ShuffleWindow", rows.ShuffleWindow.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>What is not the same here and in <paramref name="saved"/>; the parts of something that differs as a whole are not listed.</summary>
    /// <param name="saved">The other one.</param>
    /// <param name="free">The name of an entry that may differ, or null.</param>
    public List<string> DifferencesFrom(TrainingFingerprint saved, string? free = null)
    {
        var names = new List<string>();
        foreach (string name in _entries.Keys.Union(saved._entries.Keys).Order(StringComparer.Ordinal))
        {
            if (name != free && ValueOf(name) != saved.ValueOf(name) && !names.Exists(whole => name.StartsWith(whole + ".", StringComparison.Ordinal)))
            {
                names.Add(name);
            }
        }

        return names.ConvertAll(name => $"{name} is {saved.ValueOf(name)} in the checkpoint and {ValueOf(name)} now");
    }

    /// <summary>The checksum of all rows in their order.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static string ChecksumOf(IRowSource rows, CancellationToken cancellationToken)
    {
        if (rows is IRemoteRows remote)
        {
            return remote.Checksum(cancellationToken);
        }

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

    private string ValueOf(string name) => _entries.GetValueOrDefault(name, "none");

    private static string HashOf(MlpModel model)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (MlpModel network in model.Networks)
        {
            Append(digest, network.Values);
        }

        Append(digest, model.Standardizer.Offset);
        Append(digest, model.Standardizer.Scale);
        Append(digest, model.Standardizer.Means);
        if (model.Architecture.Categories is { } categories)
        {
            digest.AppendData(MemoryMarshal.AsBytes(categories.Groups));
            digest.AppendData(MemoryMarshal.AsBytes(categories.IsEmbedded));
        }

        if (model.Architecture.Encoding is { } encoding)
        {
            digest.AppendData(MemoryMarshal.AsBytes(encoding.Sources));
            Append(digest, encoding.LowerEnds);
            Append(digest, encoding.InverseWidths);
            digest.AppendData(MemoryMarshal.AsBytes(encoding.Missing));
            digest.AppendData([encoding.IsClipped ? (byte)1 : (byte)0]);
        }

        if (model.Architecture.Whitening is { } whitening)
        {
            Append(digest, whitening.Matrix.Values);
        }

        if (model.Standardizer.Quantiles is { } quantiles)
        {
            digest.AppendData(MemoryMarshal.AsBytes(quantiles.Features));
            digest.AppendData(MemoryMarshal.AsBytes(quantiles.Counts));
            Append(digest, quantiles.Knots);
            Append(digest, quantiles.Quantiles);
        }

        if (model.Architecture.Numbers is { } numbers)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(numbers.Embedding.ToString()));
            digest.AppendData(MemoryMarshal.AsBytes(numbers.Numbers));
        }

        Append(digest, model.Targets.Offset);
        Append(digest, model.Targets.ScoringScale);
        if (model.Targets.Limits is { } limits)
        {
            Append(digest, limits.Lower);
            Append(digest, limits.Upper);
        }

        return Text(digest);
    }

    private static void Append(IncrementalHash digest, ReadOnlySpan<float> values) => digest.AppendData(MemoryMarshal.AsBytes(values));

    /// <summary>Half of the hash: long enough to be unique, short enough for a message.</summary>
    private static string Text(IncrementalHash digest) => Convert.ToHexStringLower(digest.GetHashAndReset().AsSpan(0, 16));
}
