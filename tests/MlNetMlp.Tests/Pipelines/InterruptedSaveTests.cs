using System.Diagnostics;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

public sealed class InterruptedSaveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A program of its own that saves two models in turn, killed at random moments: the file is always one of the two, and the next run saves.</summary>
    [Fact]
    public async Task Save_KilledAgainAndAgain_LeavesOneOfTheModels()
    {
        string target = Path.Combine(_folder.FullName, "model.mlp");
        var random = new Random();
        int cut = 0;
        for (int kill = 1; kill <= 6; kill++)
        {
            using (Process process = SiblingProgram.Start("MlNetMlp.Tests.Interrupted", _folder.FullName, target))
            {
                for (int line = random.Next(1, 4); line > 0; line--)
                {
                    Assert.Equal("saved", await process.StandardOutput.ReadLineAsync());
                }

                await Task.Delay(random.Next(15));
                process.Kill();
                await process.WaitForExitAsync();
            }

            MlpModel.Load(target);
            byte[] bytes = await File.ReadAllBytesAsync(target);
            Assert.Contains(new byte[][] { await File.ReadAllBytesAsync(target + ".0"), await File.ReadAllBytesAsync(target + ".1") }, bytes.SequenceEqual);
            cut += File.Exists(target + ".tmp") ? 1 : 0;
            Assert.Equal(3 + (File.Exists(target + ".tmp") ? 1 : 0), _folder.GetFileSystemInfos().Length);
        }

        // Otherwise no kill fell into a save, and this test has shown nothing: with six of them that is rare beyond counting.
        Assert.True(cut > 0, "No save was interrupted.");
    }
}
