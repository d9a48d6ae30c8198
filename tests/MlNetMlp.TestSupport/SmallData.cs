using MlNetMlp.Numerics;

namespace MlNetMlp.TestSupport;

/// <summary>Made-up rows for every loss, the targets a rule of the features so that there is something to learn.</summary>
internal static class SmallData
{
    public static InMemoryRows For(Loss loss, int count, int features = 4, int outputs = 3, int seed = 1)
    {
        var rows = new InMemoryRows(features, loss.TargetCount(outputs));
        for (int i = 0; i < count; i++)
        {
            (float[] x, float[] y) = Row(loss, i, features, outputs, seed);
            rows.Add(x, y);
        }

        return rows;
    }

    public static (float[] Features, float[] Targets) Row(Loss loss, int row, int features = 4, int outputs = 3, int seed = 1)
    {
        float[] x = new float[features];
        new SeededRandom(seed).At(row).FillNormal(x, 1, 2);
        float sum = x[0] - 2 * x[1] + x[2] * x[3] / 3;
        return (x, loss switch
        {
            MulticlassLoss => [sum < -1 ? 0 : sum < 1 ? 1 : outputs - 1],
            BinaryLoss => [sum > 0 ? 1 : 0],
            KullbackLeiblerDivergence => Shares([.. Enumerable.Range(1, outputs).Select(k => 1 / (1.0 + (sum - k) * (sum - k)))]),
            _ => [.. Enumerable.Range(1, outputs).Select(k => sum * k + 10)],
        });
    }

    private static float[] Shares(double[] parts)
    {
        double sum = parts.Sum();
        return [.. parts.Select(part => (float)(part / sum))];
    }

    public static byte[] Saved(MlpModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }
}
