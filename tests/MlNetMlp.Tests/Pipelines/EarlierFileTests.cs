#if !MICROSOFT_ML_PACKAGE
using System.Globalization;
using MlNetMlp.Tests.Support;

namespace MlNetMlp.Tests.Pipelines;

/// <summary>Files that earlier releases wrote must load, and score as they did.</summary>
/// <remarks>The files were written with the stand-in, whose archives only the stand-in reads; what the transformer writes into its entry is the same.</remarks>
public sealed class EarlierFileTests
{
    [Theory]
    [InlineData("binary")]
    [InlineData("multiclass")]
    [InlineData("regression")]
    public void Load_FileOfTheFirstFormat_ScoresAsRecorded(string name)
    {
        var transformer = (MlpPredictionTransformer)ModelFiles.Load(File.ReadAllBytes(PathOf(name + ".zip")));
        MlpModel model = transformer.Model.Network;
        float[][] lines = [.. File.ReadLines(PathOf(name + ".csv")).Select(line => Array.ConvertAll(line.Split(','),
            text => float.Parse(text, CultureInfo.InvariantCulture)))];

        Assert.NotEmpty(lines);
        foreach (float[] line in lines)
        {
            float[] scores = new float[model.OutputCount];
            model.Predict(line.AsSpan(0, model.FeatureCount), scores);
            Assert.All(scores.Zip(line[model.FeatureCount..]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f * Math.Max(1, Math.Abs(pair.Second))));
        }

        Assert.Null(transformer.Model.MonteCarloDropout);
        Assert.Equal(name == "multiclass" ? ["ash", "birch", "cedar"] : [], transformer.Model.OutputNames);
        Assert.Equal(TrainerCase.Of(name).Fit().GetOutputSchema(TrainerCase.Of(name).Data.Schema).Select(column => column.Name),
            transformer.GetOutputSchema(TrainerCase.Of(name).Data.Schema).Select(column => column.Name));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Pipelines", "Fixtures", "v1-" + file);
}
#endif
