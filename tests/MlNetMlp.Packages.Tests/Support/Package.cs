using System.IO.Compression;
using System.Xml.Linq;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>A package's file.</summary>
public sealed class Package(string path) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(path);

    /// <summary>The files that are the package's own, and not of the format.</summary>
    public string[] Files
        => [.. _archive.Entries.Select(entry => entry.FullName)
            .Where(name => name != "[Content_Types].xml" && Path.GetExtension(name) != ".nuspec" && !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>The element <c>metadata</c> of the manifest, without namespaces.</summary>
    public XElement Manifest
    {
        get
        {
            var manifest = XElement.Parse(Text(_archive.Entries.Single(entry => Path.GetExtension(entry.FullName) == ".nuspec").FullName));
            foreach (XElement element in manifest.DescendantsAndSelf())
            {
                element.Name = element.Name.LocalName;
            }

            return manifest.Element("metadata")!;
        }
    }

    public byte[] Bytes(string name)
    {
        using Stream stream = _archive.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public string Text(string name)
    {
        using var reader = new StreamReader(_archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    public void Dispose() => _archive.Dispose();
}
