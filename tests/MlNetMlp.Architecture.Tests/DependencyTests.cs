using System.Xml.Linq;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>One package for each foreign dependency: what a program does not ask for, it does not get.</summary>
public sealed class DependencyTests
{
    private const string Core = "MlNetMlp.Core";

    /// <summary>The projects and packages that a project passes on to whoever references it.</summary>
    [Theory]
    [InlineData(Core, "System.Numerics.Tensors")]
    [InlineData("MlNetMlp", Core, "Microsoft.ML", "Microsoft.ML.DataView")]
    [InlineData("MlNetMlp.Hosting", "MlNetMlp", "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Options.ConfigurationExtensions")]
    [InlineData("MlNetMlp.Interactive", "MlNetMlp")]
    [InlineData("MlNetMlp.Onnx", Core, "Google.Protobuf")]
    [InlineData("MlNetMlp.Orleans", "MlNetMlp", "Microsoft.Orleans.Sdk", "Microsoft.Orleans.Server")]
    public void Project_References_TheseAlone(string project, params string[] expected)
    {
        var file = XDocument.Load(Repository.PathOf("src", project, project + ".csproj"));

        IEnumerable<string> references = file.Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference" && (string?)element.Attribute("PrivateAssets") != "all")
            .Select(element => (string)element.Attribute("Include")!)
            .Select(include => include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include) : include);

        Assert.Equal(expected.Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp", Core, "Microsoft.ML")]
    [InlineData("MlNetMlp.Hosting", "MlNetMlp", Core, "Microsoft.ML", "Microsoft.Extensions")]
    [InlineData("MlNetMlp.Interactive", "MlNetMlp", Core, "Microsoft.ML", "Microsoft.DotNet.Interactive")]
    [InlineData("MlNetMlp.Onnx", Core, "Google.Protobuf")]
    [InlineData("MlNetMlp.Orleans", "MlNetMlp", Core, "Microsoft.ML", "Orleans", "Microsoft.Extensions")]
    public void Assembly_References_TheseAndTheFramework(string assemblyName, params string[] allowed)
    {
        using var assembly = CompiledAssembly.Open(assemblyName + ".dll");

        string[] strange = [.. assembly.Metadata.AssemblyReferences
            .Select(handle => assembly.Metadata.GetString(assembly.Metadata.GetAssemblyReference(handle).Name))
            .Where(name => !allowed.Append("System").Any(one => name == one || (one != Core && name.StartsWith(one + ".", StringComparison.Ordinal))))];

        Assert.True(strange.Length == 0, Report.Of($"Assemblies that {assemblyName} may not use:", strange));
    }

    [Theory]
    [InlineData(Core)]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Hosting")]
    [InlineData("MlNetMlp.Interactive")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
    public void Methods_OfTheAssembly_AreManaged(string assemblyName)
    {
        using var assembly = CompiledAssembly.Open(assemblyName + ".dll");

        string[] native = [.. assembly.Metadata.MethodDefinitions
            .Select(assembly.Metadata.GetMethodDefinition)
            .Where(method => !method.GetImport().Module.IsNil)
            .Select(method => assembly.Metadata.GetString(method.Name))];

        Assert.True(native.Length == 0, Report.Of("Calls of native code:", native));
    }
}
