using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Where a component writes itself: one directory of a model file.</summary>
/// <remarks>
/// The directory's main entry is a <see cref="ModelHeader"/> around whatever the component wrote to <see cref="Writer"/>. Further entries lie beside it, components inside of a component in directories below.
/// </remarks>
public sealed class ModelSaveContext : IDisposable
{
    internal const string EntryName = "Model.key";
    private readonly ZipArchive _archive;
    private readonly MemoryStream _body = new();
    private readonly List<string> _texts = [];
    private VersionInfo _version;

    internal ModelSaveContext(ZipArchive archive, string directory)
    {
        _archive = archive;
        Directory = directory;
        Writer = new BinaryWriter(_body, Encoding.UTF8, leaveOpen: true);
    }

    internal readonly BinaryWriter Writer;
    internal string Directory { get; }
    public void Dispose() => Writer.Dispose();
    internal void CheckAtModel() => Check.That(_body.Length == 0, "Something was written before the component began");
    internal void SetVersionInfo(VersionInfo ver) => _version = ver;

    internal void SaveNonEmptyString(string str)
    {
        int id = _texts.IndexOf(Check.NonEmpty(str, nameof(str)));
        if (id < 0)
        {
            id = _texts.Count;
            _texts.Add(str);
        }

        Writer.Write(id);
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        using var writer = new BinaryWriter(Create(_archive, Join(Directory, name)), Encoding.UTF8);
        action(writer);
    }

    internal void SaveModel<T>(T value, string name) where T : class => SaveModel(_archive, value, Join(Directory, name));

    internal static void SaveModel<T>(ZipArchive archive, T value, string path) where T : class
    {
        if (value is not ICanSaveModel model)
            throw new InvalidOperationException($"{value.GetType()} cannot be saved");
        using var context = new ModelSaveContext(archive, path);
        model.Save(context);
        context.Writer.Flush();
        using var stream = Create(archive, Join(path, EntryName));
        stream.Write(context.Header().ToBytes());
    }

    internal static string Join(string directory, string name) => string.IsNullOrEmpty(directory) ? name : $"{directory}/{name}";

    /// <summary>An entry without a time, so that equal models are equal files.</summary>
    internal static Stream Create(ZipArchive archive, string path)
    {
        var entry = archive.CreateEntry(path);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }

    private ModelHeader Header()
    {
        Check.That(_version.ModelSignature != 0, $"The component in '{Directory}' did not say what it is (SetVersionInfo)");
        return new(
            _version.ModelSignature, _version.VerWrittenCur, _version.VerReadableCur, _version.LoaderSignature ?? "", _version.LoaderAssemblyName ?? "",
            _body.ToArray(), [.. _texts]);
    }
}
