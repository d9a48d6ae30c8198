using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MlNetMlp.Packages.Tests.Support;

/// <summary>What users of an assembly can see, by names as XML documentation has them, but without parameters.</summary>
internal static class VisibleMembers
{
    /// <summary>Types, as <c>Namespace.Outer.Inner`1</c>.</summary>
    public static HashSet<string> Types(byte[] assembly) => [.. Read(assembly, (metadata, type) => [NameOf(metadata, type)])];

    /// <summary>Members, as <c>Namespace.Type.Member</c>, with <c>#ctor</c> for constructors.</summary>
    public static HashSet<string> Members(byte[] assembly)
        => [.. Read(assembly, (metadata, type) => MembersOf(metadata, metadata.GetTypeDefinition(type))
            .Select(member => $"{NameOf(metadata, type)}.{member.Replace('.', '#')}"))];

    private static string[] Read(byte[] assembly, Func<MetadataReader, TypeDefinitionHandle, IEnumerable<string>> read)
    {
        using var file = new PEReader(new MemoryStream(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.TypeDefinitions.Where(type => IsVisible(metadata, type)).SelectMany(type => read(metadata, type))];
    }

    private static IEnumerable<string> MembersOf(MetadataReader metadata, TypeDefinition type)
    {
        foreach (FieldDefinition field in type.GetFields().Select(metadata.GetFieldDefinition))
        {
            if ((field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
            {
                yield return metadata.GetString(field.Name);
            }
        }

        foreach (MethodDefinitionHandle method in type.GetMethods().Where(method => IsVisible(metadata, method)))
        {
            yield return metadata.GetString(metadata.GetMethodDefinition(method).Name);
        }

        foreach (PropertyDefinition property in type.GetProperties().Select(metadata.GetPropertyDefinition))
        {
            if (IsVisible(metadata, property.GetAccessors().Getter) || IsVisible(metadata, property.GetAccessors().Setter))
            {
                yield return metadata.GetString(property.Name);
            }
        }
    }

    private static bool IsVisible(MetadataReader metadata, MethodDefinitionHandle method)
        => !method.IsNil && (metadata.GetMethodDefinition(method).Attributes & MethodAttributes.MemberAccessMask)
            is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsVisible(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(metadata, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name), space = metadata.GetString(type.Namespace);
        return type.IsNested ? $"{NameOf(metadata, type.GetDeclaringType())}.{name}" : space.Length > 0 ? $"{space}.{name}" : name;
    }
}
