using MlNetMlp.Interop;

namespace MlNetMlp.Core.Tests;

/// <summary>A few thousand mutated files; the verb "fuzz" of MlNetMlp.Benchmarks reads as many as one likes.</summary>
public sealed class MutatedFileTests
{
    private const int Seed = 11;

    [Theory]
    [InlineData("residual", 2000)]
    [InlineData("ensemble of input dropout", 1000)]
    [InlineData("maxout", 1000)]
    public void Model_Mutated_IsRefusedOrAModel(string name, int count)
    {
        byte[] original = SmallData.Saved(RandomModels.Named(name));
        var run = new MutationRun();

        run.Read(name, number => Mutations.OfModel(original, Seed, number), stream => [MlpModel.Load(stream)], 0, count);

        AssertSound(run, count);
    }

    [Theory]
    [InlineData("chain-multiclass.zip", 1500)]
    [InlineData("two-networks.zip", 1500)]
    [InlineData("entry2-chain-multiclass.zip", 1500)]
    [InlineData("entry2-regression.zip", 1500)]
    public void ModelZip_Mutated_IsRefusedOrAModel(string name, int count)
    {
        byte[] original = File.ReadAllBytes(ModelZipTests.PathOf(name));
        var run = new MutationRun();

        run.Read(name, number => Mutations.OfZip(original, Seed, number), stream => ModelZip.LoadAll(stream).Select(network => network.Model), 0, count);

        AssertSound(run, count);
    }

    private static void AssertSound(MutationRun run, int count)
    {
        Assert.True(run.Failures.Count == 0, string.Join("\n", run.Failures.Take(5)));

        // Mutations that are all refused, or all read, would say little.
        Assert.InRange(run.Refusals.Values.Sum(), count / 10, count);
        Assert.InRange(run.Models, count / 50, 2 * count);
    }
}
