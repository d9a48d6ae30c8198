using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MlNetMlp.Numerics;
using MlNetMlp.Serving;

namespace MlNetMlp.Benchmarks.SideBySide;

/// <summary>
/// Scoring a data view through the transformer against scoring the same rows by the network itself, block by block on one thread; and one row, alone and out
/// of JSON by the names of its columns, against what it may take at the most.
/// </summary>
internal static class Scorings
{
    private const int Rows = 100_000;
    private const int Block = 1000;

    private const int Times = 20_000;

    public static IEnumerable<Contest> All() =>
    [
        Create([784, 512, 512, 10], 0.7), Create([784, 100, 10], null), Create([16, 64, 32, 1], null), OneRow([16, 64, 32, 1], 0.25), Json([16, 64, 32, 1]),
    ];

    private static Contest OneRow(int[] sizes, double microseconds)
    {
        MlpModel model = Untrained.Create(Trainings.Architecture(sizes, 0), Trainings.LossFor(sizes));
        float[] features = Values(sizes[0], 1)[0], scores = new float[sizes[^1]];
        string limit = FormattableString.Invariant($"{microseconds} microseconds a row");
        return new(
            $"one row, {string.Join('-', sizes)}", Times, "rows", new("MlpModel", () => Time(() => Repeat(() => model.Predict(features, scores)))),
            [new(limit, () => Times * microseconds * 1e-6)], new Dictionary<string, double> { [limit] = 1 });
    }

    private static Contest Json(int[] sizes)
    {
        float[][] features = Values(sizes[0], 1), labels = Values(sizes[^1], 2);
        MlpPredictionTransformer transformer = Fit(sizes, features, labels);
        ScoringRow row = new MLContext().Model.CreateRowScorer(transformer, new RepeatedRows(Block, features, labels).Schema).CreateRow();
        MlpModel model = transformer.Model.Network;
        float[] scores = new float[sizes[^1]];
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(features[0]);
        return new(
            $"one row out of JSON, {string.Join('-', sizes)}", Times, "rows", new("RowScorer", () => Time(() => Repeat(() =>
            {
                var reader = new Utf8JsonReader(json);
                reader.Read();
                row.SetJson("Features", ref reader);
                row.Score();
            }))),
            [new("MlpModel, no JSON", () => Time(() => Repeat(() => model.Predict(features[0], scores))))], new Dictionary<string, double>());
    }

    private static Contest Create(int[] sizes, double? goal)
    {
        float[][] features = Values(sizes[0], 1), labels = Values(sizes[^1], 2);
        MlpPredictionTransformer transformer = Fit(sizes, features, labels);
        IDataView scored = transformer.Transform(new RepeatedRows(Rows, features, labels));
        MlpModel model = transformer.Model.Network;
        float[] block = [.. features.SelectMany(row => row)], scores = new float[Block * sizes[^1]];
        return new(
            $"{Rows} rows, {string.Join('-', sizes)}", Rows, "rows", new("IDataView", () => Time(() => Read(scored))),
            [new("MlpModel, blocks", () => Time(() => Predict(model, block, scores)))],
            goal is { } value ? new Dictionary<string, double> { ["MlpModel, blocks"] = value } : []);
    }

    private static MlpPredictionTransformer Fit(int[] sizes, float[][] features, float[][] labels) =>
        new MLContext(seed: 1).Regression.Trainers.Mlp(new MlpRegressionTrainer.Options
        {
            Effort = Effort.Plain,
            HiddenLayers = [.. sizes[1..^1].Select(units => new HiddenLayer(units))],
            NumberOfEpochs = 1,
        }).Fit(new RepeatedRows(Block, features, labels));

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

    private static void Repeat(Action work)
    {
        for (int i = 0; i < Times; i++)
        {
            work();
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
