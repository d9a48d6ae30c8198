using System.Reflection;
using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

/// <summary>What users can see was read by somebody before it was committed.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("MlNetMlp.Core")]
    [InlineData("MlNetMlp")]
    [InlineData("MlNetMlp.Hosting")]
    [InlineData("MlNetMlp.Interactive")]
    [InlineData("MlNetMlp.Onnx")]
    [InlineData("MlNetMlp.Orleans")]
    public void PublicApi_OfTheAssembly_IsTheApprovedOne(string assemblyName)
        => ApprovedText.Verify(
            $"tests/MlNetMlp.Architecture.Tests/PublicApi/{assemblyName}.txt", PublicApi.ListingOf(Assembly.Load(assemblyName)));
}
