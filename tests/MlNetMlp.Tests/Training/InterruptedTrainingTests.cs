using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Training;

/// <summary>The reliability trial <c>training</c> of the benchmarks in small.</summary>
public sealed class InterruptedTrainingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("adam")]
    [InlineData("bagging")]
    [InlineData("disk")]
    public async Task Fit_KilledAndStartedAgain_GivesTheSameModelAndLeavesNothing(string name)
    {
        var trainings = new InterruptedTrainings(_folder.FullName, new Random());
        while (trainings.Continued == 0)
        {
            await trainings.Run(name, kills: 1);
        }

        Assert.Empty(trainings.Failures);
    }
}
