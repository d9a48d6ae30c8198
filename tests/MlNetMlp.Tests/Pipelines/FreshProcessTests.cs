using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

public sealed class FreshProcessTests
{
    private const string ProgramName = "MlNetMlp.Tests.FreshProcess";

    [Fact]
    public async Task AProgramThatNamesNoneOfOurTypes_LoadsAndScores()
    {
        TrainerCase trainer = TrainerCase.Of("multiclass");
        var context = new MLContext(1);
        var chain = context.Transforms.CopyColumns("Copy", "Features").Append(trainer.Create(context));
        var model = chain.Fit(trainer.Data);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnetmlp");
        try
        {
            string modelFile = Path.Combine(folder.FullName, "model.zip"), rowFile = Path.Combine(folder.FullName, "rows.txt");
            context.Model.Save(model, trainer.Data.Schema, modelFile);
            await File.WriteAllLinesAsync(rowFile, Enumerable.Range(0, 20).Select(row => string.Join(' ', TrainerCase.FeaturesOf(row).Select(x => x.ToString("R", CultureInfo.InvariantCulture)))));

            string[] lines = await Run(modelFile, rowFile);

            string[] expected = [.. RowValues.ReadAll(model.Transform(trainer.Data.WithRows(20)), "PredictedLabel", "Score").Values
                .Select(row => row.Replace("PredictedLabel=", "", StringComparison.Ordinal).Replace(" | Score=", " ", StringComparison.Ordinal).Replace(',', ' '))];
            Assert.Equal([.. expected, .. expected, "References: "], lines);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string[]> Run(params string[] arguments)
    {
        // artifacts/<source>/bin/<project>/<configuration>/
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ProgramName, configuration, ProgramName + ".dll"));
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
