using System.IO.Compression;
using Microsoft.ML;

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

    /// <summary>The bytes of the network's entry.</summary>
    public static byte[] Network(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        using Stream entry = archive.Entries.Single(e => e.FullName.Replace('\\', '/').EndsWith("/Network", StringComparison.Ordinal)).Open();
        using var copy = new MemoryStream();
        entry.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>The same file with the bytes of one entry changed.</summary>
    public static byte[] Change(byte[] file, string entryEnd, Func<byte[], byte[]?> change)
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
                byte[]? bytes = entry.FullName.Replace('\\', '/').EndsWith(entryEnd, StringComparison.Ordinal) ? change(copy.ToArray()) : copy.ToArray();
                if (bytes is not null)
                {
                    using Stream destination = target.CreateEntry(entry.FullName).Open();
                    destination.Write(bytes);
                }
            }
        }

        return result.ToArray();
    }
}
