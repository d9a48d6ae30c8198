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

    /// <summary>What the environment asks for and the processor lacks is no damage to the file.</summary>
    [Theory]
    [InlineData(ProgramName, "model.zip")]
    [InlineData("Scorer", "model.zip")]
    [InlineData("Scorer", "model.mlp")]
    public async Task AKernelThatThisProcessorLacks_IsBlamedOnTheVariableWhenAModelIsLoaded(string program, string name)
    {
        using var folder = new TemporaryFolder();
        MlpPredictionTransformer transformer = TrainerCase.Of("regression").Fit();
        new MLContext(1).Model.Save(transformer, null, folder.Path("model.zip"));
        transformer.Model.Network.Save(folder.Path("model.mlp"));
        await File.WriteAllTextAsync(folder.Path("rows"), "");

        // Without any instructions beyond the least, every processor lacks these.
        var environment = new Dictionary<string, string> { ["DOTNET_EnableHWIntrinsic"] = "0", ["MLNETMLP_KERNEL"] = "avx512" };
        string[] arguments = program == ProgramName ? [folder.Path(name), folder.Path("rows")] : [folder.Path(name)];
        string told = await SiblingProgram.Tell(program, folder.Path(""), environment, arguments);

        Assert.Contains("The environment variable MLNETMLP_KERNEL, which is 'avx512', asks for the 'Avx512' kernels", told, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", told, StringComparison.Ordinal);
    }
}
