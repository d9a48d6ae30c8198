namespace MlNetMlp.Core.Tests;

/// <summary>What a training run learns of the features before the first epoch, on columns whose quantiles are known.</summary>
public sealed class FeaturePreparationTests
{
    private const int Count = 400;

    /// <summary>A number, an indicator, a constant, a number of three values, a number that is missing in every fifth row.</summary>
    private static float[] Row(int i) => [i, i % 7 == 0 ? 1 : 0, 3, i % 3 - 1, i % 5 == 0 ? float.NaN : i % 2 == 0 ? -2 : i];

    [Fact]
    public void Train_PiecewiseLinear_HasBinsOfEquallyManyRows()
    {
        MlpModel model = Train(new() { NumericEmbedding = NumericEmbedding.PiecewiseLinear(4), FeatureScaling = FeatureScaling.None });
        FeatureEncoding encoding = model.Architecture.Encoding!;

        // 0 to 399 in four parts; the least number that a quarter of 400 rows does not exceed is 99.
        Assert.Equal([0, 99, 199, 299], encoding.LowerEnds[..4].ToArray());
        Assert.Equal([1f / 99, 1f / 100, 1f / 100, 1f / 100], encoding.InverseWidths[..4].ToArray());
        Assert.Equal([-1, 0], encoding.LowerEnds[4..6].ToArray());
        Assert.Equal([1f, 1f], encoding.InverseWidths[4..6].ToArray());

        // Half of the last feature's 320 values are -2, which stands alone; the 160 odd numbers without multiples of 5 are cut behind the 54th and the 107th.
        Assert.Equal([0, 0, 0, 0, 3, 3, 4, 4, 4, 4], encoding.Sources.ToArray());
        Assert.Equal([-2, 1, 133, 267], encoding.LowerEnds[6..].ToArray());
        Assert.Equal(0, encoding.Missing.Length);
        Assert.False(encoding.IsClipped);
    }

    /// <summary>The columns with numbers are four: without scaling, the constant is one.</summary>
    [Fact]
    public void Train_TotalBins_AreSharedByTheNumbers()
    {
        Assert.Equal([0, 99, 199, 299], EndsOfFirst(16));
        Assert.Equal([0, 133, 266], EndsOfFirst(15));
        Assert.Equal([0, 199], EndsOfFirst(2));

        static float[] EndsOfFirst(int totalBins)
        {
            var embedding = new PiecewiseLinearEmbedding { Bins = 4, TotalBins = totalBins };
            FeatureEncoding encoding = Train(new() { NumericEmbedding = embedding, FeatureScaling = FeatureScaling.None }).Architecture.Encoding!;
            return encoding.LowerEnds[..encoding.Sources.IndexOf(3)].ToArray();
        }
    }

    [Fact]
    public void Train_Weights_CountAsRows()
    {
        static float[] Ends(Func<int, float> weight, int copies)
        {
            var rows = new InMemoryRows(1, 1);
            for (int i = 0; i < 100; i++)
            {
                for (int copy = 0; copy < (copies > 1 && i >= 50 ? copies : 1); copy++)
                {
                    rows.Add([i * i], [i], weight(i));
                }
            }

            MlpTrainingOptions options = new()
            {
                NumericEmbedding = NumericEmbedding.PiecewiseLinear(8),
                FeatureScaling = FeatureScaling.None,
                NumberOfEpochs = 1,
                NumberOfThreads = 1,
            };
            return MlpTrainer.Train(new(new MlpArchitecture(1, 1), new SquaredError(), rows) { Options = options })
                .Model.Architecture.Encoding!.LowerEnds.ToArray();
        }

        float[] repeated = Ends(_ => 1, copies: 3);
        Assert.Equal(repeated, Ends(i => i >= 50 ? 3 : 1, copies: 1));
        Assert.NotEqual(repeated, Ends(_ => 1, copies: 1));
    }

    [Fact]
    public void Train_TreeBins_EndWhereTheTargetJumps()
    {
        // Both jumps of the second target are seen, although the first one, which is constant, and the scale of the second would hide them.
        var rows = new InMemoryRows(2, 2);
        for (int i = 0; i < Count; i++)
        {
            rows.Add([i, i % 3], [1000, i < 100 ? 0 : i < 310 ? 1e-3f : 3e-3f]);
        }

        MlpTrainingOptions options = new() { NumericEmbedding = NumericEmbedding.PiecewiseLinear(8, BinEnds.Tree), FeatureScaling = FeatureScaling.None };
        FeatureEncoding encoding = Train(rows, options).Architecture.Encoding!;

        Assert.Equal([0, 99.5f, 309.5f], encoding.LowerEnds[..3].ToArray());
        Assert.Equal([1 / 99.5f, 1f / 210, 1 / 89.5f], encoding.InverseWidths[..3].ToArray());

        // A number of few values has them for its ends.
        Assert.Equal([0, 1], encoding.LowerEnds[3..].ToArray());
    }

    [Fact]
    public void Train_TreeBins_NothingToCut_EndAtQuantiles()
    {
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < 127; i++)
        {
            rows.Add([i * i], [i]);
        }

        float[] Ends(BinEnds ends) => Train(rows, new() { NumericEmbedding = NumericEmbedding.PiecewiseLinear(8, ends) })
            .Architecture.Encoding!.LowerEnds.ToArray();

        // Two parts of 64 rows each would need one row more.
        Assert.Equal(Ends(BinEnds.Quantiles), Ends(BinEnds.Tree));
        rows.Add([127 * 127], [127]);
        Assert.Equal(2, Ends(BinEnds.Tree).Length);
    }

    [Fact]
    public void Train_StandardizeNumbers_LeavesIndicators()
    {
        MlpModel model = Train(new() { FeatureScaling = FeatureScaling.StandardizeNumbers }), all = Train(new());

        Assert.Null(model.Architecture.Encoding);
        Assert.Equal((0, 1), (model.Standardizer.Offset[1], model.Standardizer.Scale[1]));
        Assert.Equal(0, model.Standardizer.Scale[2]);
        foreach (int number in (int[])[0, 2, 3, 4])
        {
            Assert.Equal(all.Standardizer.Offset[number], model.Standardizer.Offset[number]);
            Assert.Equal(all.Standardizer.Scale[number], model.Standardizer.Scale[number]);
        }

        Assert.NotEqual(0, all.Standardizer.Offset[1]);
    }

    [Fact]
    public void Train_Robust_HasMedianAndQuartiles()
    {
        MlpModel model = Train(new() { FeatureScaling = FeatureScaling.Robust });

        Assert.True(model.Architecture.Encoding!.IsClipped);
        Assert.Equal((199, 1f / 200), (model.Standardizer.Offset[0], model.Standardizer.Scale[0]));
        Assert.Equal((0, 1), (model.Standardizer.Offset[1], model.Standardizer.Scale[1]));
        Assert.Equal((0, 1f / 2), (model.Standardizer.Offset[3], model.Standardizer.Scale[3]));
    }

    /// <summary>The network knows the difference between a value that is missing and the mean, which would stand in for it.</summary>
    [Fact]
    public void Train_MissingIndicators_ShowWhatIsMissing()
    {
        MlpModel model = Train(new() { MissingIndicators = true, NumericEmbedding = NumericEmbedding.PiecewiseLinear(4) });
        Assert.Equal([4], model.Architecture.Encoding!.Missing.ToArray());

        float[] scores = new float[2];
        model.Predict([1, 0, 3, 0, float.NaN, 1, 0, 3, 0, model.Standardizer.Offset[4]], scores, 2);
        Assert.NotEqual(scores[0], scores[1]);

        // A feature that was never missing has the mean.
        model.Predict([float.NaN, 0, 3, 0, 1, model.Standardizer.Replacement[0], 0, 3, 0, 1], scores, 2);
        Assert.Equal(scores[0], scores[1]);
        float[] infinite = [1, 0, 3, 0, float.PositiveInfinity];
        InvalidFeatureException refusal = Assert.Throws<InvalidFeatureException>(() => model.Predict(infinite, scores.AsSpan(0, 1)));
        Assert.Equal(4, refusal.Feature);
    }

    /// <summary>Of a feature that is 3 or missing, and nothing else, whether it is missing is all there is to know.</summary>
    [Fact]
    public void Train_MissingIndicators_ShowWhereConstantsAreMissing()
    {
        var rows = new InMemoryRows(3, 1);
        for (int i = 0; i < Count; i++)
        {
            rows.Add([i % 3 == 0 ? float.NaN : 3, float.NaN, i], [i % 3 == 0 ? 5 : 0]);
        }

        MlpModel model = Train(rows, new() { MissingIndicators = true });

        // A feature that always is missing tells nothing.
        Assert.Equal([0], model.Architecture.Encoding!.Missing.ToArray());
        float[] scores = new float[3];
        model.Predict([float.NaN, float.NaN, 1, 3, float.NaN, 1, 7, 8, 1], scores, 3);
        Assert.NotEqual(scores[0], scores[1]);
        Assert.Equal(scores[1], scores[2]);
    }

    /// <summary>
    /// One value of 1E+20 makes a deviation of some 1E+19, beside which all others are the same number. They must stay apart, and it must not be far off: in
    /// the column with many values as in the indicator, and with quantiles, too.
    /// </summary>
    [Theory]
    [InlineData(1e20f)]
    [InlineData(float.MaxValue)]
    public void Train_ValueFarFromAllOthers_LeavesThemApart(float far)
    {
        foreach (FeatureScaling scaling in (FeatureScaling[])[FeatureScaling.Standardize, FeatureScaling.StandardizeNumbers, FeatureScaling.QuantileNormal])
        {
            var rows = new InMemoryRows(3, 1);
            for (int i = 0; i < Count; i++)
            {
                rows.Add(i == 7 ? [far, -far, 1] : [i, i % 2, i], [i % 11]);
            }

            MlpModel model = Train(rows, new() { NumericEmbedding = NumericEmbedding.PiecewiseLinear(8), FeatureScaling = scaling });

            float[] features = [10, 0, 1, 390, 0, 1, 10, 1, 1, far, -far, 1], scores = new float[4];
            model.Predict(features, scores, 4);
            Assert.Equal(4, scores.Distinct().Count());
            FeatureEncoding encoding = model.Architecture.Encoding!;
            Assert.Equal(8, encoding.Sources.Count(0));
            Assert.Equal(2, encoding.Sources.Count(1));
            Assert.Equal(scaling != FeatureScaling.QuantileNormal, encoding.IsClipped);
            Assert.All(scores, score => Assert.InRange(score, -100, 100));
        }
    }

    /// <summary>Whether there are more rows than a sample has, of which every second one is of another kind, must not matter.</summary>
    [Fact]
    public void Train_EverySecondRowAnother_BothKindsAreSeen()
    {
        var rows = new InMemoryRows(3, 1);
        for (int i = 0; i < 20_000; i++)
        {
            rows.Add(i % 2 == 0 ? [float.NaN, i % 4 / 2, i % 1000] : [1000 + i % 1000, i % 1000, float.NaN], [i % 7]);
        }

        MlpModel model = Train(rows, new()
        {
            MissingIndicators = true,
            NumericEmbedding = NumericEmbedding.PiecewiseLinear(4),
            FeatureScaling = FeatureScaling.StandardizeNumbers,
        });

        FeatureEncoding encoding = model.Architecture.Encoding!;
        Assert.Equal([0, 2], encoding.Missing.ToArray());
        Assert.Equal([0, 1, 2], encoding.Sources.ToArray().Distinct());

        // A value of up to 999 that stays as it is would be far more than the others together.
        Assert.All(Enumerable.Range(0, 3), j => Assert.InRange(999 * model.Standardizer.Scale[j], 1, 5));
    }

    /// <summary>The sample has 10,000 of 200,000 rows, and none of the three in which the first feature has a value.</summary>
    [Fact]
    public void Train_FeatureOfFewRows_IsScaledByThese()
    {
        foreach (FeatureScaling scaling in (FeatureScaling[])[FeatureScaling.StandardizeNumbers, FeatureScaling.Robust, FeatureScaling.QuantileNormal])
        {
            var rows = new InMemoryRows(2, 1);
            for (int i = 0; i < 200_000; i++)
            {
                rows.Add([i is 7 or 100_003 or 150_001 ? 1e6f + i : float.NaN, i % 5], [i % 7]);
            }

            MlpModel model = Train(rows, new() { MissingIndicators = true, NumericEmbedding = NumericEmbedding.PiecewiseLinear(4), FeatureScaling = scaling });

            Assert.Equal([0], model.Architecture.Encoding!.Missing.ToArray());
            Assert.InRange((1e6f + 7 - model.Standardizer.Offset[0]) * model.Standardizer.Scale[0], -2, 2);
        }
    }

    [Fact]
    public void Train_NothingAsked_LearnsNothingMore() => Assert.Null(Train(new() { MissingIndicators = false }).Architecture.Encoding);

    private static MlpModel Train(MlpTrainingOptions options)
    {
        var rows = new InMemoryRows(5, 1);
        for (int i = 0; i < Count; i++)
        {
            rows.Add(Row(i), [i % 11 + (i % 5 == 0 ? 20 : 0)]);
        }

        return Train(rows, options);
    }

    private static MlpModel Train(InMemoryRows rows, MlpTrainingOptions options)
    {
        var architecture = new MlpArchitecture(rows.FeatureCount, rows.TargetCount) { HiddenLayers = [new(4)] };
        int? batch = rows.Count > 10_000 ? 4096 : null;
        options = options with { NumberOfEpochs = 2, NumberOfThreads = 1, BatchSize = batch };
        return MlpTrainer.Train(new(architecture, new SquaredError(), rows) { Options = options }).Model;
    }
}
