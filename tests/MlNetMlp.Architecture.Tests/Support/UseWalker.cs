using System.Reflection.Metadata;

namespace MlNetMlp.Architecture.Tests.Support;

/// <summary>
/// Finds what a type and everything nested in it (closures and state machines included) use: base types, interfaces, constraints,
/// attributes, the types of fields, parameters and locals, and what the instructions name. Constants leave no trace in compiled code.
/// </summary>
internal sealed class UseWalker
{
    private readonly CompiledAssembly _assembly;
    private readonly MetadataReader _metadata;
    private readonly SignatureText _signatures;
    private readonly TypeDefinitionHandle _outermost;
    private readonly HashSet<Use> _uses = new(new SamePlaceAndTarget());
    private IReadOnlySet<string> _files;

    private UseWalker(CompiledAssembly assembly, TypeDefinitionHandle outermost)
    {
        _assembly = assembly;
        _metadata = assembly.Metadata;
        _outermost = outermost;
        _files = assembly.FilesOf(outermost);
        _signatures = new SignatureText(Add);
    }

    public static IReadOnlyCollection<Use> UsesOf(CompiledAssembly assembly, TypeDefinitionHandle outermost)
    {
        var walker = new UseWalker(assembly, outermost);
        foreach (TypeDefinitionHandle type in assembly.WithNested(outermost))
        {
            walker.WalkType(assembly.Metadata.GetTypeDefinition(type));
        }

        return walker._uses;
    }

    private void WalkType(TypeDefinition type)
    {
        Visit(type.BaseType);
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            Visit(_metadata.GetInterfaceImplementation(handle).Interface);
        }

        WalkParameters(type.GetGenericParameters());
        WalkAttributes(type.GetCustomAttributes());
        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            FieldDefinition field = _metadata.GetFieldDefinition(handle);
            field.DecodeSignature(_signatures, null);
            WalkAttributes(field.GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            WalkAttributes(_metadata.GetPropertyDefinition(handle).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            WalkMethod(handle);
        }
    }

    private void WalkMethod(MethodDefinitionHandle handle)
    {
        IReadOnlySet<string> filesOfType = _files;
        if (_assembly.FileOf(handle) is { } file)
        {
            _files = new HashSet<string> { file };
        }

        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        method.DecodeSignature(_signatures, null);
        WalkParameters(method.GetGenericParameters());
        WalkAttributes(method.GetCustomAttributes());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            WalkAttributes(_metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (_assembly.BodyOf(method) is { } body)
        {
            Visit(body.LocalSignature);
            foreach (EntityHandle operand in Instructions.Operands(body))
            {
                Visit(operand);
            }

            foreach (ExceptionRegion region in body.ExceptionRegions)
            {
                Visit(region.CatchType);
            }
        }

        _files = filesOfType;
    }

    private void WalkParameters(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                Visit(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void WalkAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes)
        {
            Visit(_metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    private void Visit(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                Add(handle);
                break;
            case HandleKind.TypeSpecification:
                _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null);
                break;
            case HandleKind.MethodDefinition:
                Add(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                Add(handle);
                Visit(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Method)
                {
                    member.DecodeMethodSignature(_signatures, null);
                }
                else
                {
                    member.DecodeFieldSignature(_signatures, null);
                }

                break;
            case HandleKind.MethodSpecification:
                MethodSpecification generic = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Visit(generic.Method);
                generic.DecodeSignature(_signatures, null);
                break;
            case HandleKind.StandaloneSignature:
                StandaloneSignature signature = _metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle);
                if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
                {
                    signature.DecodeLocalSignature(_signatures, null);
                }
                else
                {
                    signature.DecodeMethodSignature(_signatures, null);
                }

                break;
        }
    }

    private void Add(EntityHandle target) => _uses.Add(new Use(_outermost, _files, target));

    private sealed class SamePlaceAndTarget : IEqualityComparer<Use>
    {
        public bool Equals(Use? x, Use? y) => x!.Target == y!.Target && x.Files.SetEquals(y.Files);

        public int GetHashCode(Use use) => use.Target.GetHashCode();
    }
}
