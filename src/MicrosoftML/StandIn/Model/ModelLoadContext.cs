using System.IO.Compression;

namespace Microsoft.ML;

/// <summary>Where a component reads itself from: one directory of a model file.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    /// <summary>Of the first archives, in which texts stood in the body and a shorter header in front of it. They are still read.</summary>
    private const ulong EarlierMagic = 0x4E49_444E_4154_5301;

    private readonly ZipArchive _archive;
    private readonly ulong _signature;
    private readonly uint _written;
    private readonly uint _readable;
    private readonly string _loader;
    private readonly string[] _texts;
    private readonly long _start;
    public readonly string LoaderAssemblyName;
    public readonly string Directory;
    public readonly BinaryReader Reader;

    private ModelLoadContext(ZipArchive archive, ZipArchiveEntry entry, string directory)
    {
        _archive = archive;
        Directory = directory;
        Reader = Open(entry);
        Check.Decode(Reader.BaseStream.Length > 32, $"'{entry.FullName}' is not a component's entry");
        if (Reader.ReadUInt64() == EarlierMagic)
        {
            _signature = Reader.ReadUInt64();
            _written = Reader.ReadUInt32();
            _readable = Reader.ReadUInt32();
            _loader = Reader.ReadString();
            LoaderAssemblyName = Reader.ReadString();
            _start = Reader.BaseStream.Position;
            return;
        }

        var header = ModelHeader.Parse(((MemoryStream)Reader.BaseStream).ToArray());
        (_signature, _written, _readable, _loader, LoaderAssemblyName, _texts) =
            (header.Signature, header.Written, header.Readable, header.Loader, header.Assembly, header.Texts);
        Reader = new BinaryReader(new MemoryStream(header.Body), Encoding.UTF8);
    }

    public void CheckAtModel() => Check.That(Reader.BaseStream.Position == _start, "Something was read before the component began");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver)
    {
        Check.Decode(_signature == ver.ModelSignature, $"The entry in '{Directory}' is of another kind than {ver.LoaderSignature}");
        Check.Decode(_readable <= _written, $"The header in '{Directory}' is damaged");
        Check.Decode(_readable <= ver.VerWrittenCur, $"{ver.LoaderSignature} is too new: written by {_written}, this is {ver.VerWrittenCur}");
        Check.Decode(_written >= ver.VerWeCanReadBack, $"{ver.LoaderSignature} is too old: written by {_written}, read is {ver.VerWeCanReadBack} on");
    }

    public string LoadNonEmptyString()
    {
        string text = _texts is null ? Reader.ReadString() : TextOf(Reader.ReadInt32());
        Check.Decode(text.Length > 0, $"A text in '{Directory}' is empty");
        return text;
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        var entry = _archive.GetEntry(ModelSaveContext.Join(Directory, name));
        if (entry is null)
            return false;
        using var reader = Open(entry);
        action(reader);
        return true;
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra) where TRes : class
        => LoadModel<TRes, TSig>(env, out result, _archive, ModelSaveContext.Join(Directory, name), extra);

    /// <summary>Loads the assembly that the entry names, finds the class there by its loader signature, and lets it read.</summary>
    public static void LoadModel<TRes, TSig>(
        IHostEnvironment env, out TRes result, ZipArchive archive, string directory, params object[] extra)
        where TRes : class
    {
        var entry = archive.GetEntry(ModelSaveContext.Join(directory, ModelSaveContext.EntryName));
        Check.Decode(entry is not null, $"The file has no component in '{directory}'");
        using var context = new ModelLoadContext(archive, entry, directory);
        if (context.LoaderAssemblyName.Length > 0)
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(context.LoaderAssemblyName));
        result = env.ComponentCatalog.CreateInstance(env, typeof(TSig), context._loader, [context, .. extra]) as TRes;
        Check.Decode(result is not null, $"The component in '{directory}' is not a {typeof(TRes)}");
    }

    private string TextOf(int id)
    {
        Check.Decode(id >= 0 && id < _texts.Length, $"A text in '{Directory}' is missing");
        return _texts[id];
    }

    public void Dispose() => Reader.Dispose();

    internal static BinaryReader Open(ZipArchiveEntry entry)
    {
        var copy = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(copy);
        copy.Position = 0;
        return new BinaryReader(copy, Encoding.UTF8);
    }
}
