using System.Reflection;
using System.Reflection.Metadata;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>The types and members of Microsoft.ML as it lies beside these tests.</summary>
internal sealed class MicrosoftMLAssemblies : IDisposable
{
    private readonly List<CompiledAssembly> _assemblies = [];
    private readonly Dictionary<string, DefinedType> _types = [];

    public MicrosoftMLAssemblies()
    {
        foreach (string path in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Order(StringComparer.Ordinal))
        {
            if (!IsOne(Path.GetFileNameWithoutExtension(path)))
            {
                continue;
            }

            var assembly = CompiledAssembly.Open(Path.GetFileName(path));
            _assemblies.Add(assembly);
            foreach (TypeDefinitionHandle handle in assembly.Metadata.TypeDefinitions)
            {
                var type = new DefinedType(assembly.Metadata, handle);
                // Helpers that several assemblies compile in for themselves are internal; a public type wins over them.
                if (!_types.TryGetValue(type.Name, out DefinedType? known) || !known.IsVisible)
                {
                    _types[type.Name] = type;
                }
            }
        }
    }

    public static bool IsOne(string assemblyName)
        => assemblyName.StartsWith("Microsoft.ML.", StringComparison.Ordinal);

    public void Dispose()
    {
        foreach (CompiledAssembly assembly in _assemblies)
        {
            assembly.Dispose();
        }
    }

    public DefinedType? Find(string typeName) => _types.GetValueOrDefault(typeName);

    /// <summary>The type, then its base types and interfaces, and theirs, as far as Microsoft.ML declares them.</summary>
    public IEnumerable<DefinedType> WithBases(DefinedType type)
        => type.BaseNames.Select(Find).OfType<DefinedType>().SelectMany(WithBases).Prepend(type).DistinctBy(one => one.Name);

    /// <summary>The member of that name and signature, of the type itself or of what it is derived from.</summary>
    public DefinedMember? FindMember(DefinedType type, string text)
        => WithBases(type).SelectMany(one => one.Members).FirstOrDefault(member => member.Text == text);
}

/// <summary>A type that an assembly declares.</summary>
internal sealed class DefinedType
{
    private readonly MetadataReader _metadata;
    private readonly TypeDefinition _type;

    public DefinedType(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        _metadata = metadata;
        _type = metadata.GetTypeDefinition(handle);
        Name = SignatureText.NameOf(metadata, handle);
        IsVisible = IsVisibleType(metadata, handle);
    }

    public string Name { get; }

    /// <summary>Whether other assemblies may name it, the types around it included.</summary>
    public bool IsVisible { get; }

    public TypeAttributes Attributes => _type.Attributes;

    /// <summary>Base type and interfaces, without type arguments.</summary>
    public IEnumerable<string> BaseNames => _type.GetInterfaceImplementations()
        .Select(handle => _metadata.GetInterfaceImplementation(handle).Interface)
        .Prepend(_type.BaseType)
        .Where(handle => !handle.IsNil)
        .Select(handle => NameOf(handle).Split('<')[0]);

    public IEnumerable<DefinedMember> Members => _type.GetMethods()
        .Select(handle => DefinedMember.Of(_metadata, _metadata.GetMethodDefinition(handle)))
        .Concat(_type.GetFields().Select(handle => DefinedMember.Of(_metadata, _metadata.GetFieldDefinition(handle))));

    private string NameOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => SignatureText.NameOf(_metadata, (TypeDefinitionHandle)handle),
        HandleKind.TypeReference => SignatureText.NameOf(_metadata, (TypeReferenceHandle)handle),
        _ => _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(new SignatureText(), null),
    };

    private static bool IsVisibleType(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem
                => IsVisibleType(metadata, type.GetDeclaringType()),
            _ => false,
        };
    }
}

/// <summary>A method or field that a type declares.</summary>
/// <param name="Text">Name and signature, as another assembly's reference to it has them.</param>
/// <param name="IsVisible">Public or protected.</param>
/// <param name="IsStatic">Without an instance.</param>
/// <param name="Parameters">Names and default values, in order; empty for a field.</param>
/// <param name="Constant">The value of a constant or of an enumeration's member.</param>
internal sealed record DefinedMember(string Text, bool IsVisible, bool IsStatic, string Parameters, object? Constant)
{
    public static DefinedMember Of(MetadataReader metadata, MethodDefinition method)
    {
        IEnumerable<string> parameters = method.GetParameters()
            .Select(metadata.GetParameter)
            .Where(parameter => parameter.SequenceNumber > 0)
            .OrderBy(parameter => parameter.SequenceNumber)
            .Select(parameter => metadata.GetString(parameter.Name) + DefaultOf(metadata, parameter));
        return new DefinedMember(
            TextOf(metadata.GetString(method.Name), method.DecodeSignature(new SignatureText(), null)),
            (method.Attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem,
            (method.Attributes & MethodAttributes.Static) != 0,
            string.Join(", ", parameters),
            null);
    }

    public static DefinedMember Of(MetadataReader metadata, FieldDefinition field)
        => new(
            TextOf(metadata.GetString(field.Name), field.DecodeSignature(new SignatureText(), null)),
            (field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem,
            (field.Attributes & FieldAttributes.Static) != 0,
            "",
            field.GetDefaultValue() is { IsNil: false } constant ? ValueOf(metadata, constant) : null);

    public static string TextOf(string name, MethodSignature<string> signature)
    {
        string parameters = string.Join(", ", signature.ParameterTypes);
        string arity = signature.GenericParameterCount > 0 ? $"`{signature.GenericParameterCount}" : "";
        return $"{name}{arity}({parameters}) : {signature.ReturnType}";
    }

    public static string TextOf(string name, string fieldType) => $"{name} : {fieldType}";

    private static string DefaultOf(MetadataReader metadata, Parameter parameter)
        => parameter.GetDefaultValue() is { IsNil: false } constant ? $" = {ValueOf(metadata, constant) ?? "null"}" : "";

    private static object? ValueOf(MetadataReader metadata, ConstantHandle handle)
    {
        Constant constant = metadata.GetConstant(handle);
        return metadata.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
    }
}
