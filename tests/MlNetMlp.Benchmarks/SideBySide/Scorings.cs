using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Numerics;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>Scoring a data view through the transformer against scoring the same rows by the network itself, block by block.</summary>
internal static class Scorings
{
    private const int Rows = 100_000;
    private const int Block = 1000;

    public static IEnumerable<Contest> All() => [Create([784, 512, 512, 10], 0.7), Create([784, 100, 10], null), Create([16, 64, 32, 1], null)];

    private static Contest Create(int[] sizes, double? goal)
    {
        float[][] features = Values(sizes[0], 1), labels = Values(sizes[^1], 2);
        MlpPredictionTransformer transformer = new MLContext(seed: 1).Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [.. sizes[1..^1].Select(units => new HiddenLayer(units))],
            NumberOfEpochs = 1,
        }).Fit(new RepeatedRows(Block, features, labels));
        IDataView scored = transformer.Transform(new RepeatedRows(Rows, features, labels));
        MlpModel model = transformer.Model.Network;
        float[] block = [.. features.SelectMany(row => row)], scores = new float[Block * sizes[^1]];
        return new(
            $"{Rows} rows, {string.Join('-', sizes)}", Rows, "rows", new("IDataView", () => Time(() => Read(scored))),
            [new("MlpModel, blocks", () => Time(() => Predict(model, block, scores)))],
            goal is { } value ? new Dictionary<string, double> { ["MlpModel, blocks"] = value } : []);
    }

    private static void Read(IDataView scored)
    {
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> score = default;
        while (cursor.MoveNext())
        {
            getter(ref score);
        }
    }

    private static void Predict(MlpModel model, float[] block, float[] scores)
    {
        for (int first = 0; first < Rows; first += Block)
        {
            model.Predict(block, scores, Block);
        }
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static float[][] Values(int length, int seed)
    {
        float[][] rows = new float[Block][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new float[length];
            new SeededRandom(seed).At(i).FillNormal(rows[i], 0, 1);
        }

        return rows;
    }
}
