using System.Collections.Concurrent;
using System.Reflection.Metadata;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>The types of an assembly by the folders that they are written in, and who uses whom.</summary>
internal sealed class FolderMap
{
    private static readonly ConcurrentDictionary<string, FolderMap> _maps = new();

    private FolderMap(string assemblyName)
    {
        using var assembly = CompiledAssembly.Open(assemblyName + ".dll");

        // What the compiler generated beside all types lies in no folder.
        Dictionary<TypeDefinitionHandle, string[]> files = assembly.OutermostTypes()
            .Select(type => (Type: type, Files: assembly.FilesOf(type).Order(StringComparer.Ordinal).ToArray()))
            .Where(one => one.Files.Length > 0)
            .ToDictionary(one => one.Type, one => one.Files);

        Types = [.. files.Select(one => (SignatureText.NameOf(assembly.Metadata, one.Key), one.Value))];
        Arrows = [.. files.Keys
            .SelectMany(type => UseWalker.UsesOf(assembly, type))
            .Where(use => use.Target.Kind == HandleKind.TypeDefinition)
            .Select(use => (use.User, Folder: FolderOf(use.Files.Count == 1 ? use.Files.First() : files[use.User][0]),
                Used: assembly.OutermostOf((TypeDefinitionHandle)use.Target)))
            .Distinct()
            .Where(use => files.ContainsKey(use.Used))
            .Select(use => new FolderArrow(
                SignatureText.NameOf(assembly.Metadata, use.User), use.Folder,
                SignatureText.NameOf(assembly.Metadata, use.Used), FolderOf(files[use.Used][0])))
            .Where(arrow => arrow.From != arrow.To)
            .OrderBy(arrow => arrow.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The outermost types with their files, as paths from the project's folder; several for a partial type.</summary>
    public IReadOnlyList<(string Name, string[] Files)> Types { get; }

    /// <summary>All uses of one type by another. A part of a type that is written in a folder of its own uses others from there.</summary>
    public IReadOnlyList<FolderArrow> Arrows { get; }

    /// <summary>The map of the assembly beside these tests.</summary>
    public static FolderMap Of(string assemblyName) => _maps.GetOrAdd(assemblyName, name => new FolderMap(name));

    public static string FolderOf(string file) => file[..Math.Max(0, file.LastIndexOf('/'))];

    /// <summary>The folder directly below the project that holds the folder.</summary>
    public static string AreaOf(string folder) => folder.Split('/')[0];
}
