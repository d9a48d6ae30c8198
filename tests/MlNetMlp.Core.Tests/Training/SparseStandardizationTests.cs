namespace MlNetMlp.Core.Tests;

/// <summary>What is done to sparse features before the network sees them, against the definitions in double precision.</summary>
public class SparseStandardizationTests
{
    private const int Features = 8;
    private const int Rows = 50;

    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 1, InfiniteValues = InvalidValueHandling.Impute };

    [Fact]
    public void Train_Features_AreScaledByTheirValuesAndCentredWhereHardlyAnyIsZero()
    {
        // 0: an indicator; 1: rare, of one size; 2: rare, of many; 3: never; 4: always the same; 5: mostly there; 6: always there; 7: rare, with gaps.
        (float[][] x, MlpModel model) = Train(_options);
        FeatureStandardizer map = model.Standardizer;
        Assert.Equal((0, 1f), (map.Offset[0], map.Scale[0]));
        Assert.Equal((0, 1 / 3f), (map.Offset[1], map.Scale[1]));
        Assert.Equal((0, 0f), (map.Offset[3], map.Scale[3]));
        Assert.Equal(0, map.Scale[4]);
        double[] weights = [.. Enumerable.Range(0, Rows).Select(i => 1.0 + i % 3)];
        for (int j = 0; j < Features; j++)
        {
            var seen = Enumerable.Range(0, Rows).Where(i => float.IsFinite(x[i][j])).Select(i => (Value: (double)x[i][j], Weight: weights[i])).ToArray();
            double total = seen.Sum(one => one.Weight), mean = seen.Sum(one => one.Value * one.Weight) / total;
            Assert.Equal(mean, map.Replacement[j], 1e-6 * Math.Max(1, Math.Abs(mean)));
            if (j is 2 or 7)
            {
                double nonZero = seen.Where(one => one.Value != 0).Sum(one => one.Weight);
                Assert.Equal(1 / Math.Sqrt(seen.Sum(one => one.Value * one.Value * one.Weight) / nonZero), map.Scale[j], 1e-6);
                Assert.Equal(0, map.Offset[j]);
            }
            else if (j is 5 or 6)
            {
                Assert.Equal(map.Replacement[j], map.Offset[j]);
                Assert.Equal(1 / Math.Sqrt(seen.Sum(one => Math.Pow(one.Value - mean, 2) * one.Weight) / total), map.Scale[j], 1e-6);
            }
        }

        Assert.Equal(2, map.ShiftedCount);
    }

    [Fact]
    public void Apply_SparseRows_HaveTheBitsOfDenseOnes()
    {
        (float[][] x, MlpModel model) = Train(_options);
        var given = new SparseFeatures(Features);
        foreach (float[] row in x)
        {
            given.Add(row);
        }

        var prepared = new SparseFeatures(Features);
        model.Standardizer.Apply(given, prepared);
        float[] dense = new float[Features];
        for (int i = 0; i < Rows; i++)
        {
            model.Standardizer.Apply(x[i], dense, 1);
            float[] sparse = new float[Features];
            for (int n = 0; n < prepared.Indices(i).Length; n++)
            {
                sparse[prepared.Indices(i)[n]] = prepared.Values(i)[n];
            }

            // Equal, not of equal bits: zero may be negative.
            Assert.Equal(dense, sparse);
            Assert.DoesNotContain(0, prepared.Values(i).ToArray());
        }
    }

    [Fact]
    public void Train_WithoutStandardization_LeavesFeaturesAndImputesMeans()
    {
        (_, MlpModel model) = Train(_options with { FeatureScaling = FeatureScaling.None });
        Assert.All(model.Standardizer.Offset.ToArray(), offset => Assert.Equal(0, offset));
        Assert.All(model.Standardizer.Scale.ToArray(), scale => Assert.Equal(1, scale));
        (_, MlpModel other) = Train(_options);
        Assert.Equal(other.Standardizer.Replacement.ToArray(), model.Standardizer.Replacement.ToArray());
    }

    [Fact]
    public void Train_RefusedValues_AreNamedByRowAndFeature()
    {
        var missing = Assert.Throws<InvalidFeatureException>(() => Train(_options with { MissingValues = InvalidValueHandling.Fail }));
        Assert.Equal((13, 7, float.NaN), (missing.Row, missing.Feature, missing.Value));
        var infinite = Assert.Throws<InvalidFeatureException>(() => Train(_options with { InfiniteValues = InvalidValueHandling.Fail }));
        Assert.Equal((26, 7, float.PositiveInfinity), (infinite.Row, infinite.Feature, infinite.Value));
    }

    private static (float[][] X, MlpModel Model) Train(MlpTrainingOptions options)
    {
        var rows = new SparseRows(Features, 1);
        var x = new float[Rows][];
        for (int i = 0; i < Rows; i++)
        {
            // Row 13 alone misses something, row 26 alone has something infinite.
            x[i] =
            [
                i % 10 == 0 ? 1 : 0, i % 9 == 0 ? (i % 2 == 0 ? 3 : -3) : 0, i % 4 == 0 ? i + 1 : 0, 0, 2020.1f, i % 4 == 0 ? 0 : 100 + i % 7, 2000 + i,
                i % 13 == 0 ? i switch { 13 => float.NaN, 26 => float.PositiveInfinity, _ => 4 + i } : 0,
            ];
            SparseData.Add(rows, x[i], [i % 2], 1 + i % 3);
        }

        return (x, MlpTrainer.Train(new(new(Features, 1), new SigmoidCrossEntropy(), rows) { Options = options }).Model);
    }
}
