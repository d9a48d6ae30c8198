using System.Reflection.Metadata;
using MlNetMlp.Architecture.Tests.Support;
using MlNetMlp.Search;
using MlNetMlp.Serving;

namespace MlNetMlp.Architecture.Tests;

/// <summary>How far ML.NET reaches into the coat, and how far the coat reaches into ML.NET.</summary>
public sealed class CoatBoundaryTests
{
    private const string Coat = "MlNetMlp";
    private const string Internal = "Internal/";

    /// <summary>All contact with what ML.NET keeps to itself is written here.</summary>
    private const string NonPublic = "Internal/NonPublic/";

    /// <summary>
    /// ML.NET's types stop at Internal/ and at these, which are the trainers, the search, the scoring of rows, and what they take from
    /// users and give to them.
    /// </summary>
    private static readonly string[] _publicFace =
    [
        "Microsoft.ML.MlpCatalog",
        "Microsoft.ML.MlpScoringCatalog",
        "Microsoft.ML.MlpSearchCatalog",
        "Microsoft.ML.ModelFileCatalog",
        "MlNetMlp.BinaryMetric",
        "MlNetMlp.MlpBinaryTrainer",
        "MlNetMlp.MlpMulticlassTrainer",
        "MlNetMlp.MlpPredictionTransformer",
        "MlNetMlp.MlpRegressionTrainer",
        "MlNetMlp.MlpTrainerBase",
        "MlNetMlp.MulticlassMetric",
        "MlNetMlp.RegressionMetric",
        "MlNetMlp.RowScorer",
        "MlNetMlp.ScoringInput",
        "MlNetMlp.ScoringOutput",
        "MlNetMlp.ScoringRow",
        "MlNetMlp.SearchOptions",
        "MlNetMlp.SearchResult`1",
        "MlNetMlp.ValidationSet",
    ];

    [Fact]
    public void TypesOutsideInternal_UseMicrosoftML_OnlyIfTheyAreThePublicFace()
    {
        using var coat = CompiledAssembly.Open(Coat + ".dll");

        string[] users = [.. coat.OutermostTypes()
            .SelectMany(type => UseWalker.UsesOf(coat, type))
            .Where(use => use.Files.Any(file => !file.StartsWith(Internal, StringComparison.Ordinal)) && MicrosoftMLTypeOf(coat, use.Target) is not null)
            .Select(use => SignatureText.NameOf(coat.Metadata, use.User))
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.True(_publicFace.SequenceEqual(users), Report.Of(
            "Other types than those of the table use ML.NET outside Internal/:",
            [.. users.Except(_publicFace).Select(type => $"{type} does, and is not in the table"),
                .. _publicFace.Except(users).Select(type => $"{type} does not, and is in the table")]));
    }

    [Fact]
    public void NonPublicMembers_OfMicrosoftML_AreTheApprovedOnes()
    {
        using var coat = CompiledAssembly.Open(Coat + ".dll");
        using var microsoftML = new MicrosoftMLAssemblies();

        IEnumerable<EntityHandle> references = coat.Metadata.TypeReferences.Select(handle => (EntityHandle)handle)
            .Concat(coat.Metadata.MemberReferences.Select(handle => (EntityHandle)handle));

        ApprovedText.Verify(
            "tests/MlNetMlp.Architecture.Tests/NonPublicMembers.txt",
            references.Select(handle => NonPublicText(coat, microsoftML, handle)).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NonPublicMembers_OfMicrosoftML_AreTouchedInOneFolder()
    {
        using var coat = CompiledAssembly.Open(Coat + ".dll");
        using var microsoftML = new MicrosoftMLAssemblies();

        string[] wrong = [.. coat.OutermostTypes()
            .SelectMany(type => UseWalker.UsesOf(coat, type))
            .Where(use => use.Files.Count > 0 && !use.Files.Any(file => file.StartsWith(NonPublic, StringComparison.Ordinal)))
            .Select(use => (use.Files, Text: NonPublicText(coat, microsoftML, use.Target)))
            .Where(use => use.Text is not null)
            .Select(use => $"{string.Join(", ", use.Files)} -> {use.Text}")
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.True(wrong.Length == 0, Report.Of($"Members that ML.NET keeps to itself, touched outside {NonPublic}:", wrong));
    }

    /// <summary>What the reference means if it is something of Microsoft.ML that other assemblies may not name; else null.</summary>
    private static string? NonPublicText(CompiledAssembly coat, MicrosoftMLAssemblies microsoftML, EntityHandle reference)
    {
        if (MicrosoftMLTypeOf(coat, reference) is not { } typeName)
        {
            return null;
        }

        DefinedType type = microsoftML.Find(typeName)
            ?? throw new InvalidOperationException($"The coat uses {typeName}, and no assembly beside the tests declares it.");
        if (reference.Kind != HandleKind.MemberReference)
        {
            return type.IsVisible ? null : type.Name;
        }

        MemberReference member = coat.Metadata.GetMemberReference((MemberReferenceHandle)reference);
        string name = coat.Metadata.GetString(member.Name);
        string text = member.GetKind() == MemberReferenceKind.Method
            ? DefinedMember.TextOf(name, member.DecodeMethodSignature(new SignatureText(), null))
            : DefinedMember.TextOf(name, member.DecodeFieldSignature(new SignatureText(), null));
        DefinedMember definition = microsoftML.FindMember(type, text)
            ?? throw new InvalidOperationException($"The coat uses {typeName}.{text}, and the assemblies beside the tests have no such member.");
        return type.IsVisible && definition.IsVisible ? null : $"{type.Name}: {text}";
    }

    /// <summary>The type of Microsoft.ML that is meant, or whose member is; null if it is another assembly's.</summary>
    private static string? MicrosoftMLTypeOf(CompiledAssembly coat, EntityHandle target)
    {
        MetadataReader metadata = coat.Metadata;
        switch (target.Kind)
        {
            case HandleKind.MemberReference:
                return MicrosoftMLTypeOf(coat, metadata.GetMemberReference((MemberReferenceHandle)target).Parent);
            case HandleKind.TypeSpecification:
                // The member of a constructed generic type, whose own reference is the first that its signature tells of.
                EntityHandle first = default;
                metadata.GetTypeSpecification((TypeSpecificationHandle)target)
                    .DecodeSignature(new SignatureText(seen => first = first.IsNil ? seen : first), null);
                return first.IsNil ? null : MicrosoftMLTypeOf(coat, first);
            case HandleKind.TypeReference:
                EntityHandle scope = target;
                while (scope.Kind == HandleKind.TypeReference)
                {
                    scope = metadata.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
                }

                return scope.Kind == HandleKind.AssemblyReference
                    && MicrosoftMLAssemblies.IsOne(metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name))
                        ? SignatureText.NameOf(metadata, (TypeReferenceHandle)target)
                        : null;
            default:
                return null;
        }
    }
}
