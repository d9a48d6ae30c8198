using MlNetMlp.Core.Tests.Support;
using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>
/// The same seed gives the same bits on every processor. The hashes were recorded on one; a change of them is a change of what a seed gives, which
/// CHANGELOG has to say.
/// </summary>
public class RecordedTrainingTests
{
    [Fact]
    public void Train_OnAnyKernels_GivesTheRecordedBits()
    {
        var differences = new List<string>();
        foreach (string kernel in Kernels.AreFused ? Kernels.Names : [])
        {
            using InstructionSet.Scope scope = Kernels.Force(kernel);
            differences.AddRange(RecordedTraining.All
                .Select(training => (training, Hash: training.Train()))
                .Where(one => one.Hash != one.training.Hash)
                .Select(one => $"{kernel}: {one.training.Name}: {one.Hash} instead of {one.training.Hash}"));
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }
}
