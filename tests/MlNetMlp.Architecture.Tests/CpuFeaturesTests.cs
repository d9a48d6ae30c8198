using MlNetMlp.Architecture.Tests.Support;

namespace MlNetMlp.Architecture.Tests;

public sealed class CpuFeaturesTests
{
    private const string TheOne = "src/MlNetMlp.Core/Numerics/InstructionSet.cs";

    [Theory]
    [InlineData("IsSupported")]
    [InlineData("IsHardwareAccelerated")]
    public void CpuFeatures_AreAskedFor_InOneFile(string question)
    {
        // InstructionSet.IsSupported is the answer of that one file, which others may of course read.
        string[] askers = [.. Repository.Files("src", "*.cs")
            .Where(path => File.ReadAllText(Repository.PathOf(path)).Replace($"InstructionSet.{question}", "", StringComparison.Ordinal)
                .Contains(question, StringComparison.Ordinal))];

        Assert.Equal([TheOne], askers);
    }
}
