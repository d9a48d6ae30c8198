using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// Copies assemblies for the compiler's eyes only, with what is internal flagged public. A trainer that saves and loads like ML.NET's own
// needs a few members that ML.NET keeps internal (tests/MlNetMlp.Architecture.Tests lists them); the compiler would refuse them, and the
// runtime accepts them because of IgnoresAccessChecksToAttribute. Nothing but the access bits in three metadata tables changes.
// Private and `protected internal` members stay as they are: nobody needs the former, and an override would have to repeat the latter.
string folder = args[0];
Directory.CreateDirectory(folder);
foreach (string path in args.Skip(1))
{
    File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(path)), Publicize(File.ReadAllBytes(path)));
}

static byte[] Publicize(byte[] image)
{
    using var pe = new PEReader(new MemoryStream(image));
    MetadataReader metadata = pe.GetMetadataReader();

    foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        // Types that the C# compiler or a polyfill put there would clash with the framework's own.
        if (!IsOfMicrosoftML(metadata, type))
        {
            continue;
        }

        TypeAttributes access = (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.NotPublic => TypeAttributes.Public,
            TypeAttributes.NestedAssembly or TypeAttributes.NestedFamANDAssem => TypeAttributes.NestedPublic,
            var asItIs => asItIs,
        };
        BinaryPrimitives.WriteUInt32LittleEndian(Row(pe, metadata, TableIndex.TypeDef, handle),
            (uint)((type.Attributes & ~TypeAttributes.VisibilityMask) | access));

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodAttributes attributes = metadata.GetMethodDefinition(method).Attributes;
            if ((attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Assembly or MethodAttributes.FamANDAssem)
            {
                WriteAccess(Row(pe, metadata, TableIndex.MethodDef, method)[6..], (ushort)attributes);
            }
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldAttributes attributes = metadata.GetFieldDefinition(field).Attributes;
            if ((attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Assembly or FieldAttributes.FamANDAssem)
            {
                WriteAccess(Row(pe, metadata, TableIndex.Field, field), (ushort)attributes);
            }
        }
    }

    return image;

    Span<byte> Row(PEReader pe, MetadataReader metadata, TableIndex table, EntityHandle handle)
        => image.AsSpan(pe.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(table)
            + (metadata.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(table));
}

// Methods and fields keep their access in the same three bits, with the same values (ECMA-335, II.23.1.5 and II.23.1.10).
static void WriteAccess(Span<byte> flags, ushort attributes)
    => BinaryPrimitives.WriteUInt16LittleEndian(flags,
        (ushort)((attributes & ~(ushort)MethodAttributes.MemberAccessMask) | (ushort)MethodAttributes.Public));

static bool IsOfMicrosoftML(MetadataReader metadata, TypeDefinition type)
{
    while (!type.GetDeclaringType().IsNil)
    {
        type = metadata.GetTypeDefinition(type.GetDeclaringType());
    }

    return metadata.GetString(type.Namespace) is var name
        && (name == "Microsoft.ML" || name.StartsWith("Microsoft.ML.", StringComparison.Ordinal));
}
