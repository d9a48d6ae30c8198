using System.Diagnostics;
using System.Globalization;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Samples;

/// <summary>The sample that scores without ML.NET.</summary>
public sealed class ScorerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnetmlp");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.mlp")]
    public async Task Scorer_ModelOfMLNetOrOfTheCore_PrintsItsScores(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        MlpPredictionTransformer transformer = TrainerCase.Of("multiclass").Fit();
        MlpModel model = transformer.Model.Network;
        if (name == "model.zip")
        {
            await File.WriteAllBytesAsync(path, ModelFiles.Save(transformer));
        }
        else
        {
            model.Save(path);
        }

        (int code, string[] lines, _) = await Run(path, "0.5,1,2,3", ",-1,1e3,0");

        Assert.Equal((0, 2), (code, lines.Length));
        foreach ((string line, float[] features) in lines.Zip<string, float[]>([[0.5f, 1, 2, 3], [float.NaN, -1, 1000, 0]]))
        {
            float[] scores = new float[3];
            model.Predict(features, scores);
            int best = Array.IndexOf(scores, scores.Max());
            string expected = name == "model.zip" ? new[] { "ash", "birch", "cedar" }[best] : best.ToString(CultureInfo.InvariantCulture);
            Assert.Equal([.. scores.Select(score => score.ToString(CultureInfo.InvariantCulture)), expected], line.Split(','));
        }
    }

    [Fact]
    public async Task Scorer_WrongFileOrRow_SaysSo()
    {
        string path = Path.Combine(_folder.FullName, "model.mlp");
        await File.WriteAllTextAsync(path, "not a model, and longer than a header");
        (int code, _, string error) = await Run(path);
        Assert.Equal(1, code);
        Assert.Contains("not a saved network", error, StringComparison.Ordinal);

        TrainerCase.Of("regression").Fit().Model.Network.Save(path);
        (code, _, error) = await Run(path, "1,2,3");
        Assert.Equal(1, code);
        Assert.Contains("Line 1 has 3 values; the network has 4 features.", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string[] Lines, string Error)> Run(string model, params string[] rows)
    {
        using Process process = SiblingProgram.Start("Scorer", _folder.FullName, model);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(string.Concat(rows.Select(row => row + "\n")));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading.
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), await error);
    }
}
