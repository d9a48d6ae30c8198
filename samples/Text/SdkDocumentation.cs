using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace Text;

/// <summary>The documentation of .NET's libraries, which the SDK keeps beside its reference assemblies.</summary>
internal static class SdkDocumentation
{
    private const int FewestCharacters = 40;

    private static readonly string[] _libraries =
    [
        "System.Collections.Immutable", "System.Data.Common", "System.Linq.Expressions", "System.Net.Http", "System.Net.Security",
        "System.Reflection.Metadata", "System.Runtime.InteropServices", "System.Security.Cryptography", "System.Text.Json", "System.Xml.ReaderWriter",
    ];

    /// <summary>The summaries of members, each text once; nothing where there is no SDK.</summary>
    public static IEnumerable<Sentence> Read()
    {
        // Runtimes are in dotnet/shared/Microsoft.NETCore.App/version, reference assemblies in dotnet/packs.
        string packs = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        string? newest = Directory.Exists(packs) ? Directory.EnumerateDirectories(packs).Order(StringComparer.Ordinal).LastOrDefault() : null;
        return newest is null ? [] : Directory.EnumerateFiles(newest, "*.xml", SearchOption.AllDirectories)
            .Where(file => _libraries.Contains(Path.GetFileNameWithoutExtension(file)))
            .Order(StringComparer.Ordinal)
            .SelectMany(file => XElement.Load(file).Descendants("summary")
                .Select(summary => string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
                .Where(words => words.Length >= FewestCharacters)
                .Select(words => new Sentence { Words = words, Library = Path.GetFileNameWithoutExtension(file) }))
            .DistinctBy(sentence => sentence.Words);
    }
}
