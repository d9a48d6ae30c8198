using MlNetMlp.Networks;
using MlNetMlp.Orleans.Tests.Support;

namespace MlNetMlp.Orleans.Tests;

/// <summary>A training whose shards are on several silos is the training of one process with these shards, bit for bit.</summary>
public sealed class ClusterTrainingTests
{
    public static TheoryData<string> Courses => ["plain", "validation", "shared", "Muon", "continued", "weights", "Rprop", "one shard"];

    [Theory]
    [MemberData(nameof(Courses))]
    public async Task AnyNumberOfSilos_GivesTheBitsOfOneProcess(string course)
    {
        MlpTrainingResult expected = MlpTrainer.Train(SmallTraining.Of(course));
        foreach (int count in new[] { 1, 2, 4 })
        {
            await using Silos silos = await Silos.Start(count);

            MlpTrainingResult found = await SmallTraining.Run(course, silos.Runner());

            SmallTraining.Same(expected, found);
            Assert.All(silos.All, silo => Assert.Equal(0, Silos.ShardsOf(silo).Count));
        }
    }
}
