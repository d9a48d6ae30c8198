using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace MlNetMlp.Benchmarks.Quality;

/// <summary>Which code of ours gave a result.</summary>
internal static class ProductCode
{
    /// <summary>
    /// A hash of what is compiled: all methods, constants and texts of the two assemblies. It is the same after a commit that changes documentation
    /// alone, unlike a hash of the files, which name the commit.
    /// </summary>
    public static string Hash { get; } = HashOf(typeof(MlpModel).Assembly.Location, typeof(MlpTrainerOptions).Assembly.Location);

    private static string HashOf(params IEnumerable<string> assemblies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string assembly in assemblies)
        {
            using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(assembly)));
            MetadataReader metadata = file.GetMetadataReader();
            foreach (MethodDefinition method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(one => one.RelativeVirtualAddress != 0))
            {
                hash.AppendData(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? []);
            }

            foreach (HeapIndex heap in (HeapIndex[])[HeapIndex.UserString, HeapIndex.String])
            {
                hash.AppendData(file.GetMetadata().GetContent(metadata.GetHeapMetadataOffset(heap), metadata.GetHeapSize(heap)).AsSpan());
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
