using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MlNetMlp.Interop;
using MlNetMlp.Numerics;

namespace MlNetMlp.Onnx.Tests;

/// <summary>Valid graphs of all sorts, compared with ONNX Runtime: what is read gives the same scores, and everything else is refused.</summary>
public sealed class GeneratedGraphTests
{
    private const int Rows = 9;

    /// <summary>Single precision, 6e-8, in some ten steps whose sums have other orders; the share is of the greatest score.</summary>
    private const double Tolerance = 2e-5;

    /// <summary>1,200 graphs at a time, of which somewhat less are valid; a smaller share is a network.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Load_GeneratedGraph_GivesTheScoresOfTheRuntimeOrIsRefused(int part)
    {
        int valid = 0, same = 0, encoded = 0;
        List<string> wrong = [];
        for (int seed = 1200 * part; seed < 1200 * (part + 1); seed++)
        {
            var graph = GeneratedGraph.Create(seed);
            float[] features = new float[Rows * graph.Columns];
            new SeededRandom(seed).FillNormal(features, 0, 1);
            for (int i = seed % 5; i < features.Length && graph.ReplacesMissing; i += 5)
            {
                features[i] = float.NaN;
            }

            if (Run(graph, features) is not { } expected)
            {
                continue;
            }

            valid++;
            if (Load(graph) is { } model)
            {
                same++;
                encoded += model.Architecture.Encoding is null ? 0 : 1;
                if (Difference(model, features, expected) is { } difference)
                {
                    wrong.Add($"{seed}: {difference} {graph.Output} {graph.Description}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {same} wrong: {string.Join('\n', wrong.Take(20))}");
        Assert.True(valid >= 600, $"{valid} graphs are valid.");
        Assert.True(same >= 150, $"{same} of {valid} graphs are read.");
        Assert.True(encoded >= 20, $"{encoded} of {same} graphs are read with an encoding.");
        Assert.True(valid - same >= 300, $"{valid - same} of {valid} graphs are refused.");
    }

    /// <summary>The output of the runtime, row after row; null for a graph that it does not run.</summary>
    private static float[]? Run(GeneratedGraph graph, float[] features)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var session = new InferenceSession(graph.File, options);
            using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(features, [Rows, graph.Columns]))], [graph.Output]);
            return outputs.Single().Value is DenseTensor<float> scores ? [.. scores] : null;
        }
        catch (OnnxRuntimeException)
        {
            return null;
        }
    }

    private static MlpModel? Load(GeneratedGraph graph)
    {
        try
        {
            using var stream = new MemoryStream(graph.File);
            return OnnxModel.Load(stream);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with the scores of a model; null if nothing is.</summary>
    private static string? Difference(MlpModel model, float[] features, float[] expected)
    {
        if (expected.Length != Rows * model.OutputCount)
        {
            return $"{expected.Length} scores, not {Rows * model.OutputCount}";
        }

        float[] scores;
        try
        {
            scores = RandomModels.Scores(model, features);
        }
        catch (InvalidFeatureException) when (Array.Exists(features, float.IsNaN) && model.Standardizer.MissingValues == InvalidValueHandling.Fail)
        {
            return null;
        }

        if (model.Loss is SigmoidCrossEntropy)
        {
            // A model's score is the log-odds, and a file's the probability.
            scores = [.. scores.Select(MlpModel.Probability)];
        }
        else if (model.Loss is SoftmaxCrossEntropy && expected.Min() < 0)
        {
            scores = [.. scores.Select(score => MathF.Log(score))];
        }

        if (expected.Zip(scores).Any(pair => float.IsNaN(pair.First) != float.IsNaN(pair.Second)))
        {
            return "scores, not NaN";
        }

        double scale = Math.Max(1, expected.Max(Math.Abs));
        double worst = expected.Zip(scores).Max(pair => Math.Abs(pair.First - (double)pair.Second)) / scale;
        return worst <= Tolerance ? null : $"{worst:g3} of {scale:g3}";
    }
}
