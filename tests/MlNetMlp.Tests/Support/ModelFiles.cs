using System.IO.Compression;
using Microsoft.ML;
using MlNetMlp.Interop;

namespace MlNetMlp.Tests.Support;

/// <summary>Models as the bytes of a model.zip.</summary>
public static class ModelFiles
{
    public static byte[] Save(ITransformer transformer, DataViewSchema? inputSchema = null)
    {
        using var file = new MemoryStream();
        new MLContext(1).Model.Save(transformer, inputSchema, file);
        return file.ToArray();
    }

    /// <summary>Loads a model; of a chain of one, its only member.</summary>
    public static ITransformer Load(byte[] file)
    {
        using var stream = new MemoryStream(file);
        ITransformer loaded = new MLContext(1).Model.Load(stream, out _);
        return loaded is IEnumerable<ITransformer> chain && chain.Count() == 1 ? chain.Single() : loaded;
    }

    /// <summary>The bytes of the network alone, without what its entry tells of its training: those of an equal network are the same.</summary>
    public static byte[] Network(byte[] file) => SmallData.Saved(ModelZip.Load(new MemoryStream(file)).Model);

    /// <summary>The bytes of the only entry whose name ends like that.</summary>
    public static byte[] Entry(byte[] file, string entryEnd)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        using Stream entry = archive.Entries.Single(e => IsNamed(e, entryEnd)).Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        return copy.ToArray();
    }

    public static bool HasEntry(byte[] file, string entryEnd)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        return archive.Entries.Any(e => IsNamed(e, entryEnd));
    }

    /// <summary>The same file with the bytes of one entry changed.</summary>
    public static byte[] Change(byte[] file, string entryEnd, Func<byte[], byte[]?> change) => ChangeAll(file, entryEnd, change);

    /// <summary>The same file with the bytes of every entry whose name ends like that changed.</summary>
    public static byte[] ChangeAll(byte[] file, string entryEnd, Func<byte[], byte[]?> change)
    {
        using var result = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(file)))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                using Stream stream = entry.Open();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                byte[]? bytes = IsNamed(entry, entryEnd) ? change(copy.ToArray()) : copy.ToArray();
                if (bytes is not null)
                {
                    using Stream destination = target.CreateEntry(entry.FullName).Open();
                    destination.Write(bytes);
                }
            }
        }

        return result.ToArray();
    }

    private static bool IsNamed(ZipArchiveEntry entry, string entryEnd) => entry.FullName.Replace('\\', '/').EndsWith(entryEnd, StringComparison.Ordinal);
}
