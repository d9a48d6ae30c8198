using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetMlp.Interop;

namespace MlNetMlp.Onnx.Tests;

/// <summary>
/// Files of PyTorch and of this library with changed bytes, names of operators and operands among them: where ONNX Runtime and the import both take one,
/// they compute the same.
/// </summary>
public sealed class MutatedFileTests
{
    private const int Mutations = 400;

    /// <summary>As for generated graphs; the share is of the greatest score.</summary>
    private const double Tolerance = 2e-5;

    [Theory]
    [InlineData("torch_relu")]
    [InlineData("torch_softmax")]
    [InlineData("torch_functions")]
    [InlineData("torch_standardized")]
    [InlineData("torch_batch_normalization")]
    [InlineData("residual")]
    [InlineData("layer normalization")]
    [InlineData("cosine normalization")]
    [InlineData("functions of the sum")]
    [InlineData("learned slopes")]
    [InlineData("maxout")]
    [InlineData("threshold")]
    [InlineData("encoded")]
    [InlineData("encoded, with missing values")]
    [InlineData("encoded, linear")]
    [InlineData("ensemble of encoded")]
    [InlineData("ensemble of residual")]
    [InlineData("ensemble of input dropout")]
    public void Load_ChangedBytes_GiveTheScoresOfTheRuntimeOrAreRefused(string name)
    {
        (byte[] file, float[] features, int columns) = FileOf(name);
        int[] places = PlacesOfText(file);
        var random = new Random(name.Length);
        int both = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] changed = [.. file];

            // Weights are most of a file, and what changes its meaning the rest.
            int place = i % 2 == 0 ? places[random.Next(places.Length)] : random.Next(file.Length);
            changed[place] = i % 4 == 0 ? file[places[random.Next(places.Length)]] : (byte)(file[place] ^ (1 << random.Next(8)));
            if (Load(changed) is { } model && model.FeatureCount == columns && !IsIllConditioned(model) && Run(changed, features, columns) is { } expected)
            {
                both++;
                AssertSame(model, features, expected, $"{name} {i}: byte {place} is {changed[place]}, not {file[place]}");
            }
        }

        Assert.True(both > Mutations / 20, $"{both} files are taken by both.");
    }

    /// <summary>A changed byte can make any number very large; what is left of the others then is rounding.</summary>
    private static bool IsIllConditioned(MlpModel model) => model.Members.Any(member => member.Values.ContainsAnyExceptInRange(-1000f, 1000f))
        || model.Standardizer.Scale.ContainsAnyExceptInRange(-1000f, 1000f) || model.Standardizer.Offset.ContainsAnyExceptInRange(-1000f, 1000f);

    private static (byte[] File, float[] Features, int Columns) FileOf(string name)
    {
        if (name.StartsWith("torch", StringComparison.Ordinal))
        {
            ImportFixture fixture = ImportFixture.Read(name);
            return (fixture.File, fixture.Features, fixture.Columns);
        }

        bool hasMissing = name.Contains("missing", StringComparison.Ordinal);
        MlpModel model = RandomModels.Named(name, hasMissing ? InvalidValueHandling.Impute : InvalidValueHandling.Fail);
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return (stream.ToArray(), RandomModels.Features(model, 6), model.FeatureCount);
    }

    /// <summary>Where letters, digits and what is around them stand: names and small numbers, and not the middle of weights.</summary>
    private static int[] PlacesOfText(byte[] file) =>
        [.. Enumerable.Range(2, file.Length - 4).Where(i => Enumerable.Range(i - 2, 5).Count(j => file[j] is < 20 or (>= 48 and < 123)) >= 4)];

    private static MlpModel? Load(byte[] file)
    {
        try
        {
            using var stream = new MemoryStream(file);
            return OnnxModel.Load(stream);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidDataException)
        {
            return null;
        }
    }

    private static float[]? Run(byte[] file, float[] features, int columns)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var session = new InferenceSession(file, options);
            string output = session.OutputMetadata.Count == 1 ? session.OutputMetadata.Keys.Single() : "Score";
            var rows = new DenseTensor<float>(features, [features.Length / columns, columns]);
            using var outputs = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), rows)], [output]);
            return outputs.Single().Value is DenseTensor<float> scores ? [.. scores] : null;
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static void AssertSame(MlpModel model, float[] features, float[] expected, string what)
    {
        float[] scores;
        try
        {
            scores = RandomModels.Scores(model, features);
        }
        catch (InvalidFeatureException)
        {
            // A sum has overflowed; that a squashing function may make something finite of it again is not for a model to tell.
            return;
        }

        Assert.True(expected.Length == scores.Length, what);
        if (model.Loss is SigmoidCrossEntropy && expected.Min() >= 0 && expected.Max() <= 1)
        {
            scores = [.. scores.Select(MlpModel.Probability)];
        }
        else if (model.Loss is SoftmaxCrossEntropy && expected.Min() < 0)
        {
            scores = [.. scores.Select(score => MathF.Log(score))];
        }

        Assert.True(expected.Zip(scores).All(pair => float.IsNaN(pair.First) == float.IsNaN(pair.Second)), what);
        double scale = Math.Max(1, expected.Max(Math.Abs)), worst = expected.Zip(scores).Max(pair => Math.Abs(pair.First - (double)pair.Second)) / scale;
        Assert.True(worst <= Tolerance, $"{worst:g3} of {scale:g3}, {what}");
    }
}
