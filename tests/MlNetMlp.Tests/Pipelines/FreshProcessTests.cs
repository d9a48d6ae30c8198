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
            await File.WriteAllLinesAsync(rowFile,
                Enumerable.Range(0, 20).Select(row => string.Join(' ',
                TrainerCase.FeaturesOf(row).Select(x => x.ToString("R", CultureInfo.InvariantCulture)))));

            string[] lines = await SiblingProgram.Run(ProgramName, folder.FullName, modelFile, rowFile);

            string[] expected = [.. RowValues.ReadAll(model.Transform(trainer.Data.WithRows(20)), "PredictedLabel", "Score").Values
                .Select(row => row.Replace("PredictedLabel=", "", StringComparison.Ordinal).Replace(" | Score=", " ", StringComparison.Ordinal)
                    .Replace(',', ' '))];
            const string missing = "Writing ONNX files takes the package MlNetMlp.Onnx, which is missing: dotnet add package MlNetMlp.Onnx";
            Assert.Equal([.. expected, .. expected, missing, "References: "], lines);
            Assert.False(File.Exists(Path.ChangeExtension(modelFile, ".onnx")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
