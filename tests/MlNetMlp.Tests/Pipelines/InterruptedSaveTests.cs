using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>The reliability trial <c>saves</c> of the benchmarks in small.</summary>
public sealed class InterruptedSaveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("mlp")]
    [InlineData("zip")]
    public async Task Save_KilledAgainAndAgain_LeavesOneOfTheModels(string way)
    {
        var saves = new InterruptedSaves(way, _folder.FullName, new Random());

        // Until two kills have fallen into a save: otherwise this test has shown nothing.
        while (saves.CutOff < 2 && saves.Kills < 40)
        {
            await saves.Run(1);
        }

        saves.Finish();
        Assert.Empty(saves.Failures);
        Assert.True(saves.CutOff >= 2, "No save was interrupted.");
    }

    /// <summary>Shells of Unix can limit a process; on Windows there is nothing to see here.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("zip")]
    public async Task Save_RefusedHalfWay_KeepsTheOldFileAndNamesIt(string way)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Empty(await RefusedSaves.LimitedFile(way, _folder.FullName));
        }
    }

    [Fact]
    public async Task Save_ToAFolderThatIsNotToBeWrittenTo_KeepsTheOldFileAndNamesIt()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Empty(await RefusedSaves.ReadOnlyFolder("mlp", _folder.CreateSubdirectory("inside").FullName));
        }
    }
}
