using System.Reflection;
using System.Reflection.Metadata;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>How far MlNetMlp reaches into ML.NET, and how far ML.NET reaches into MlNetMlp.</summary>
public sealed class MicrosoftMLBoundaryTests
{
    private const string Product = "MlNetMlp";

    /// <summary>All contact with what ML.NET keeps to itself is written here: with its hosts and schemas, and with its files.</summary>
    private static readonly string[] _nonPublicFolders = ["Host", "Transformer"];

    /// <summary>
    /// The public types that use ML.NET: the trainers, the search, the scoring of rows, and what they take from users and give to them. Options,
    /// dimensions of a search and whatever else is public know nothing of it.
    /// </summary>
    private static readonly string[] _usersOfMicrosoftML =
    [
        "Microsoft.ML.MlpCatalog",
        "Microsoft.ML.MlpMetricCatalog",
        "Microsoft.ML.MlpScoringCatalog",
        "Microsoft.ML.MlpSearchCatalog",
        "Microsoft.ML.MlpTransformsCatalog",
        "Microsoft.ML.ModelFileCatalog",
        "MlNetMlp.MlpBinaryTrainer",
        "MlNetMlp.MlpFeaturesEstimator",
        "MlNetMlp.MlpMulticlassTrainer",
        "MlNetMlp.MlpPredictionTransformer",
        "MlNetMlp.MlpRegressionTrainer",
        "MlNetMlp.MlpScoringEstimator",
        "MlNetMlp.MlpTrainerBase",
        "MlNetMlp.PiecewiseLinearEncodingEstimator",
        "MlNetMlp.Search.BinaryMetric",
        "MlNetMlp.Search.MulticlassMetric",
        "MlNetMlp.Search.RegressionMetric",
        "MlNetMlp.Search.SearchMetric`1",
        "MlNetMlp.Search.SearchOptions",
        "MlNetMlp.Search.SearchResult`1",
        "MlNetMlp.Search.ValidationSet",
        "MlNetMlp.Serving.RowScorer",
        "MlNetMlp.Serving.ScoringInput",
        "MlNetMlp.Serving.ScoringOutput",
        "MlNetMlp.Serving.ScoringRow",
    ];

    [Fact]
    public void PublicTypes_UseMicrosoftML_OnlyIfTheyAreInTheTable()
    {
        using var product = CompiledAssembly.Open(Product + ".dll");

        string[] users = [.. product.OutermostTypes()
            .Where(type => product.Metadata.GetTypeDefinition(type).Attributes.HasFlag(TypeAttributes.Public))
            .Where(type => UseWalker.UsesOf(product, type).Any(use => MicrosoftMLTypeOf(product, use.Target) is not null))
            .Select(type => SignatureText.NameOf(product.Metadata, type))
            .Order(StringComparer.Ordinal)];

        Assert.True(_usersOfMicrosoftML.SequenceEqual(users), Report.Of(
            "Other public types than those of the table use ML.NET:",
            [.. users.Except(_usersOfMicrosoftML).Select(type => $"{type} does, and is not in the table"),
                .. _usersOfMicrosoftML.Except(users).Select(type => $"{type} does not, and is in the table")]));
    }

    [Fact]
    public void NonPublicMembers_OfMicrosoftML_AreTheApprovedOnes()
    {
        using var product = CompiledAssembly.Open(Product + ".dll");
        using var microsoftML = new MicrosoftMLAssemblies();

        IEnumerable<EntityHandle> references = product.Metadata.TypeReferences.Select(handle => (EntityHandle)handle)
            .Concat(product.Metadata.MemberReferences.Select(handle => (EntityHandle)handle));

        ApprovedText.Verify(
            "tests/MlNetMlp.Architecture.Tests/NonPublicMembers.txt",
            references.Select(handle => NonPublicText(product, microsoftML, handle)).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NonPublicMembers_OfMicrosoftML_AreTouchedInTwoFolders()
    {
        using var product = CompiledAssembly.Open(Product + ".dll");
        using var microsoftML = new MicrosoftMLAssemblies();

        string[] wrong = [.. product.OutermostTypes()
            .SelectMany(type => UseWalker.UsesOf(product, type))
            .Where(use => use.Files.Count > 0 && !use.Files.Any(file => _nonPublicFolders.Contains(FolderMap.FolderOf(file))))
            .Select(use => (use.Files, Text: NonPublicText(product, microsoftML, use.Target)))
            .Where(use => use.Text is not null)
            .Select(use => $"{string.Join(", ", use.Files)} -> {use.Text}")
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.True(wrong.Length == 0, Report.Of($"Members that ML.NET keeps to itself, touched outside {string.Join(" and ", _nonPublicFolders)}:", wrong));
    }

    /// <summary>What the reference means if it is something of Microsoft.ML that other assemblies may not name; else null.</summary>
    private static string? NonPublicText(CompiledAssembly product, MicrosoftMLAssemblies microsoftML, EntityHandle reference)
    {
        if (MicrosoftMLTypeOf(product, reference) is not { } typeName)
        {
            return null;
        }

        DefinedType type = microsoftML.Find(typeName)
            ?? throw new InvalidOperationException($"{Product} uses {typeName}, and no assembly beside the tests declares it.");
        if (reference.Kind != HandleKind.MemberReference)
        {
            return type.IsVisible ? null : type.Name;
        }

        MemberReference member = product.Metadata.GetMemberReference((MemberReferenceHandle)reference);
        string name = product.Metadata.GetString(member.Name);
        string text = member.GetKind() == MemberReferenceKind.Method
            ? DefinedMember.TextOf(name, member.DecodeMethodSignature(new SignatureText(), null))
            : DefinedMember.TextOf(name, member.DecodeFieldSignature(new SignatureText(), null));
        DefinedMember definition = microsoftML.FindMember(type, text)
            ?? throw new InvalidOperationException($"{Product} uses {typeName}.{text}, and the assemblies beside the tests have no such member.");
        return type.IsVisible && definition.IsVisible ? null : $"{type.Name}: {text}";
    }

    /// <summary>The type of Microsoft.ML that is meant, or whose member is; null if it is another assembly's.</summary>
    private static string? MicrosoftMLTypeOf(CompiledAssembly product, EntityHandle target)
    {
        MetadataReader metadata = product.Metadata;
        switch (target.Kind)
        {
            case HandleKind.MemberReference:
                return MicrosoftMLTypeOf(product, metadata.GetMemberReference((MemberReferenceHandle)target).Parent);
            case HandleKind.TypeSpecification:
                // The member of a constructed generic type, whose own reference is the first that its signature tells of.
                EntityHandle first = default;
                metadata.GetTypeSpecification((TypeSpecificationHandle)target)
                    .DecodeSignature(new SignatureText(seen => first = first.IsNil ? seen : first), null);
                return first.IsNil ? null : MicrosoftMLTypeOf(product, first);
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
