namespace MlNetMlp.Core.Tests;

/// <summary>The scores of a model from its stored numbers, in double precision and without any folding.</summary>
internal static class ReferenceScores
{
    /// <summary>
    /// Of an ensemble, within a network or of several, the means of the members' scores; of log-odds, those of the mean probability. With
    /// <paramref name="masks"/>, with units dropped.
    /// </summary>
    public static double[] Of(MlpModel model, float[] features, IReadOnlyList<double[][]>? masks = null)
    {
        double[][] members = [.. model.Networks.SelectMany(network => OfOne(network, features, masks))];
        double[] scores = members.Length == 1
            ? members[0]
            : [.. members[0].Select((_, i) => model.Loss is SigmoidCrossEntropy or SigmoidSquaredError
                ? LogOdds(members.Average(z => 1 / (1 + Math.Exp(-z[i]))))
                : members.Average(z => z[i]))];
        if (model.Targets.Limits is not { } limits)
        {
            return scores;
        }

        double[] lower = Widen(limits.Lower), upper = Widen(limits.Upper);
        return [.. scores.Select((score, i) => Math.Min(upper[i % upper.Length], Math.Max(lower[i % lower.Length], score)))];
    }

    private static IEnumerable<double[]> OfOne(MlpModel model, float[] features, IReadOnlyList<double[][]>? masks)
    {
        double[] offset = Widen(model.Standardizer.Offset), scale = Widen(model.Standardizer.Scale), mean = Widen(model.Standardizer.Replacement);
        double[] targetOffset = Widen(model.Targets.Offset), targetScale = Widen(model.Targets.Scale);
        var network = new ReferenceNetwork(model.Architecture, model.RestoreParameters()) { Masks = masks };
        double[][] rows =
        [
            .. features.Chunk(model.FeatureCount).Select(row => row.Select((x, j) => ((float.IsFinite(x) ? x : mean[j]) - offset[j]) * scale[j]).ToArray()),
        ];
        if (model.Standardizer.Quantiles is { } quantiles)
        {
            Array.ForEach(rows, row => Map(row, quantiles));
        }

        return network.Logits(rows).Chunk(rows.Length).Select(member => member.SelectMany(z => model.Loss switch
        {
            SoftmaxCrossEntropy or SoftmaxSquaredError or KullbackLeiblerDivergence => ReferenceLoss.Softmax(z),
            CustomRegressionLoss { Output: OutputFunction.Exponential } => [.. z.Select(Math.Exp)],
            { TargetsAreValues: true } => [.. z.Select((value, k) => value * targetScale[k] + targetOffset[k])],
            _ => z,
        }).ToArray());
    }

    /// <summary>Linear between knots, constant beyond; NaN is not less than anything.</summary>
    private static void Map(double[] row, QuantileMap map)
    {
        int first = 0;
        for (int n = 0; n < map.Features.Length; n++)
        {
            (double X, double Y)[] knots = [.. Enumerable.Range(first, map.Counts[n]).Select(k => ((double)map.Knots[k], (double)map.Quantiles[k]))];
            ref double x = ref row[map.Features[n]];
            double value = x;
            x = double.IsNaN(value) ? value : value <= knots[0].X ? knots[0].Y : value >= knots[^1].X ? knots[^1].Y
                : knots.Zip(knots.Skip(1)).Where(pair => value <= pair.Second.X).Select(pair =>
                    pair.First.Y + (value - pair.First.X) / (pair.Second.X - pair.First.X) * (pair.Second.Y - pair.First.Y)).First();
            first += map.Counts[n];
        }
    }

    private static double LogOdds(double p) => Math.Log(p / (1 - p));

    private static double[] Widen(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), value => (double)value);
}
