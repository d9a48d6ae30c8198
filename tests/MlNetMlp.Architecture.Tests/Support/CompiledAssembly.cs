using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>An assembly beside these tests, read as metadata: nothing of it is loaded or run.</summary>
internal sealed class CompiledAssembly : IDisposable
{
    // "Type Documents" of the portable PDB specification: where a type without a single line of code was declared.
    private static readonly Guid _typeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly PEReader _image;
    private readonly MetadataReaderProvider? _symbols;
    private readonly MetadataReader? _symbolReader;

    private CompiledAssembly(string path)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        _image = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        Metadata = _image.GetMetadataReader();
        string symbolPath = Path.ChangeExtension(path, ".pdb");
        if (File.Exists(symbolPath))
        {
            _symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(File.ReadAllBytes(symbolPath)));
            _symbolReader = _symbols.GetMetadataReader();
        }
    }

    public string Name { get; }

    public MetadataReader Metadata { get; }

    public static CompiledAssembly Open(params string[] pathFromTests)
        => new(Path.Combine([AppContext.BaseDirectory, .. pathFromTests]));

    public void Dispose()
    {
        _symbols?.Dispose();
        _image.Dispose();
    }

    public MethodBodyBlock? BodyOf(MethodDefinition method)
        => method.RelativeVirtualAddress == 0 ? null : _image.GetMethodBody(method.RelativeVirtualAddress);

    /// <summary>The types that are not nested in another one.</summary>
    public IEnumerable<TypeDefinitionHandle> OutermostTypes()
        => Metadata.TypeDefinitions.Where(handle => Metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil);

    /// <summary>The type itself, or the one that it is nested in, however deep.</summary>
    public TypeDefinitionHandle OutermostOf(TypeDefinitionHandle handle)
    {
        while (Metadata.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } outer)
        {
            handle = outer;
        }

        return handle;
    }

    /// <summary>The type and everything nested in it.</summary>
    public IEnumerable<TypeDefinitionHandle> WithNested(TypeDefinitionHandle handle)
        => Metadata.GetTypeDefinition(handle).GetNestedTypes().SelectMany(WithNested).Prepend(handle);

    /// <summary>
    /// Where a type is written, as paths from the project's folder: one file, or several if it is partial, or none for what the
    /// compiler or the build generated.
    /// </summary>
    public IReadOnlySet<string> FilesOf(TypeDefinitionHandle outermost)
    {
        var files = new HashSet<string>();
        foreach (TypeDefinitionHandle type in WithNested(outermost))
        {
            foreach (MethodDefinitionHandle method in Metadata.GetTypeDefinition(type).GetMethods())
            {
                if (FileOf(method) is { } file)
                {
                    files.Add(file);
                }
            }

            files.UnionWith(DeclaredIn(type));
        }

        return files;
    }

    /// <summary>Where the statements of a method are written; null if it has none.</summary>
    public string? FileOf(MethodDefinitionHandle handle)
    {
        MetadataReader symbols = Symbols();
        MethodDebugInformation lines = symbols.GetMethodDebugInformation(handle.ToDebugInformationHandle());
        return lines.SequencePointsBlob.IsNil
            ? null
            : lines.GetSequencePoints().Select(point => PathInProject(point.Document)).FirstOrDefault(file => file is not null);
    }

    private IEnumerable<string> DeclaredIn(TypeDefinitionHandle type)
    {
        MetadataReader symbols = Symbols();
        foreach (CustomDebugInformationHandle handle in symbols.GetCustomDebugInformation(type))
        {
            CustomDebugInformation information = symbols.GetCustomDebugInformation(handle);
            if (symbols.GetGuid(information.Kind) != _typeDefinitionDocuments)
            {
                continue;
            }

            BlobReader documents = symbols.GetBlobReader(information.Value);
            while (documents.RemainingBytes > 0)
            {
                if (PathInProject(MetadataTokens.DocumentHandle(documents.ReadCompressedInteger())) is { } file)
                {
                    yield return file;
                }
            }
        }
    }

    private string? PathInProject(DocumentHandle handle)
    {
        if (handle.IsNil)
        {
            return null;
        }

        MetadataReader symbols = Symbols();
        string path = symbols.GetString(symbols.GetDocument(handle).Name).Replace('\\', '/');
        string project = $"/src/{Name}/";
        int start = path.LastIndexOf(project, StringComparison.Ordinal);
        return start < 0 ? null : path[(start + project.Length)..];
    }

    private MetadataReader Symbols() => _symbolReader ?? throw new FileNotFoundException($"{Name}.pdb is not beside the tests.");
}
