namespace MlNetMlp.Core.Tests;

/// <summary>What each scaling makes of the features of training rows, against its definition.</summary>
public sealed class FeatureScalingTests
{
    private const int Count = 500, Features = 6;

    private static readonly Random _random = new(3);

    /// <summary>Numbers that hang together, one that is missing now and then, a constant, and an indicator.</summary>
    private static readonly float[][] _rows =
    [
        .. Enumerable.Range(0, Count).Select(i =>
        {
            float x = _random.NextSingle(), y = _random.NextSingle(), z = _random.NextSingle();
            return (float[])[100 * x, x + y, i % 9 == 0 ? float.NaN : MathF.Exp(4 * y), 7, z > 0.6f ? 1 : 0, 5 - 3 * x + 0.5f * z];
        }),
    ];

    [Fact]
    public void Train_Center_SubtractsMeans()
    {
        FeatureStandardizer standardizer = Train(FeatureScaling.Center).Standardizer;
        for (int j = 0; j < Features; j++)
        {
            Assert.Equal(Mean(j), standardizer.Offset[j], 1e-5 * Math.Abs(Mean(j)));
            Assert.Equal(j == 3 ? 0 : 1, standardizer.Scale[j]);
        }
    }

    [Theory]
    [InlineData(false, new[] { 0, 1, 2, 0, 1, 2 })]
    [InlineData(true, new[] { 0, 0, 1, 1, 2, 2 })]
    public void Train_CenterChannels_SubtractsTheMeanOfTheChannel(bool isPlanar, int[] channels)
    {
        FeatureStandardizer standardizer = Train(FeatureScaling.CenterChannels(3, isPlanar)).Standardizer;
        for (int j = 0; j < Features; j++)
        {
            double expected = Enumerable.Range(0, Features).Where(other => channels[other] == channels[j]).Average(Mean);
            Assert.Equal(expected, standardizer.Offset[j], 1e-5 * Math.Abs(expected));
            Assert.Equal(j == 3 ? 0 : 1, standardizer.Scale[j]);
        }
    }

    /// <summary>The share of a normal distribution below what a number becomes is the share of the rows below the number, but for that of a piece.</summary>
    [Fact]
    public void Train_QuantileNormal_MapsNumbersToNormalQuantiles()
    {
        MlpModel model = Train(FeatureScaling.QuantileNormal);
        foreach (int j in (int[])[0, 1, 2, 5])
        {
            float[] values = [.. _rows.Select(row => row[j]).Where(value => !float.IsNaN(value)).Order()];
            for (int i = 0; i < values.Length; i += 7)
            {
                float[] row = [.. _rows[1]];
                row[j] = values[i];
                Assert.Equal((i + 0.5) / values.Length, ShareBelow(Prepared(model, row)[j]), 1e-2);
            }
        }

        // The indicator and the constant stay what they were; beyond the ends nothing changes any more.
        Assert.Equal([0, _rows[1][4]], Prepared(model, _rows[1])[3..5]);
        float[] far = [1e9f, .. _rows[1][1..]], end = [_rows.Max(row => row[0]), .. _rows[1][1..]];
        Assert.Equal(Prepared(model, end), Prepared(model, far));
    }

    [Fact]
    public void Train_QuantileNormalOfTies_IsTheMiddleOfTheirRanks()
    {
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < 100; i++)
        {
            rows.Add([i < 60 ? 2 : i < 90 ? 3 : 10], [i]);
        }

        MlpModel model = Train(rows, new() { FeatureScaling = FeatureScaling.QuantileNormal });
        Assert.Equal([0.3, 0.75, 0.95], ((float[])[2, 3, 10]).Select(value => ShareBelow(Prepared(model, [value])[0])), (a, b) => Math.Abs(a - b) < 1e-5);

        // Half of the way between two knots.
        Assert.Equal((Prepared(model, [2])[0] + Prepared(model, [3])[0]) / 2, Prepared(model, [2.5f])[0], 1e-6);
    }

    [Fact]
    public void Train_QuantileNormalWithBins_HasBinsOfQuantiles()
    {
        MlpTrainingOptions options = new()
        {
            FeatureScaling = FeatureScaling.QuantileNormal,
            NumericEmbedding = NumericEmbedding.PiecewiseLinear(4),
            MissingIndicators = true,
        };
        MlpModel model = Train(Rows(), options);
        FeatureEncoding encoding = model.Architecture.Encoding!;

        // Quartiles of the normal distribution.
        Assert.Equal([0.25, 0.5, 0.75], encoding.LowerEnds[1..4].ToArray().Select(end => ShareBelow(end)), (a, b) => Math.Abs(a - b) < 5e-3);
        Assert.Equal([2], encoding.Missing.ToArray());
        Assert.True(float.IsNaN(Prepared(model, _rows[0])[2]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_Whiten_MakesFeaturesUncorrelatedOfVarianceOne(bool isZca)
    {
        MlpModel model = Train(isZca ? FeatureScaling.WhitenZca(1e-6f) : FeatureScaling.WhitenPca(null, 1e-6f));
        double[][] whitened = Whitened(model);

        // The constant feature is a component without variance.
        double[] variances = [.. Enumerable.Range(0, Features).Select(k => whitened.Average(row => row[k] * row[k]))];
        Assert.Equal(isZca ? [1, 1, 1, 0, 1, 1] : [1, 1, 1, 1, 1, 0], variances, (a, b) => Math.Abs(a - b) < 1e-3);
        for (int k = 0; k < Features; k++)
        {
            for (int l = 0; l < k; l++)
            {
                Assert.Equal(0, whitened.Average(row => row[k] * row[l]), 1e-3);
            }
        }

        if (isZca)
        {
            float[] matrix = model.Architecture.Whitening!.Matrix.Values.ToArray();
            Assert.All(Enumerable.Range(0, Features * Features), i => Assert.Equal(matrix[i], matrix[(i % Features * Features) + (i / Features)], 1e-4));
        }
    }

    [Fact]
    public void Train_WhitenTwoComponents_KeepsThoseOfTheGreatestVariance()
    {
        MlpModel model = Train(FeatureScaling.WhitenPca(2)), all = Train(FeatureScaling.WhitenPca());
        Assert.Equal(2, model.Architecture.EncodedSize);
        double[][] two = Whitened(model), six = Whitened(all);
        Assert.All(two.Zip(six), pair => Assert.Equal(pair.First, pair.Second[..2]));

        // Of the standardized features, no other component explains as much.
        double[][] prepared = [.. _rows.Select(row => Array.ConvertAll(Prepared(model, row), value => (double)value))];
        double[] explained = [.. Enumerable.Range(0, Features).Select(k => Enumerable.Range(0, Features).Sum(j =>
            Math.Pow(prepared.Zip(six, (row, z) => row[j] * z[k]).Average(), 2)))];
        Assert.Equal(explained.OrderDescending(), explained);
    }

    /// <summary>Nothing of the map is left as a step of its own where it is less work without.</summary>
    [Fact]
    public void Score_Whitened_IsOneMapWhereThatIsLessWork()
    {
        Assert.Equal(2, StepsOf(Train(FeatureScaling.WhitenPca())));
        Assert.Equal(3, StepsOf(Train(FeatureScaling.WhitenPca(1))));

        static int StepsOf(MlpModel model) => model.MemberNetworks[0].Plan(model.Targets).Links().Count;
    }

    [Fact]
    public void Train_WhatCannotBe_IsRefusedByName()
    {
        AssertRefused("CenterChannels(4)", new() { FeatureScaling = FeatureScaling.CenterChannels(4) });
        AssertRefused("7 components", new() { FeatureScaling = FeatureScaling.WhitenPca(7) });
        AssertRefused("NumericEmbedding", new() { FeatureScaling = FeatureScaling.WhitenZca(), NumericEmbedding = NumericEmbedding.PiecewiseLinear() });
        AssertRefused("MissingIndicators", new() { FeatureScaling = FeatureScaling.WhitenZca(), MissingIndicators = true });
        Assert.Contains("1024", FeatureScaling.WhitenPca().Problem(1025)!, StringComparison.Ordinal);
        Assert.Null(FeatureScaling.WhitenPca().Problem(1024));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureScaling.CenterChannels(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureScaling.WhitenPca(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureScaling.WhitenZca(0));

        static void AssertRefused(string part, MlpTrainingOptions options) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => Train(Rows(), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_SparseRows_AreRefused()
    {
        foreach (FeatureScaling scaling in (FeatureScaling[])
            [FeatureScaling.CenterChannels(1), FeatureScaling.QuantileNormal, FeatureScaling.WhitenPca(), FeatureScaling.WhitenZca()])
        {
            var rows = new SparseRows(3, 1);
            rows.Add([1], [2f], [1f]);
            var exception = Assert.Throws<ArgumentException>(() =>
                MlpTrainer.Train(new(new MlpArchitecture(3, 1), new SquaredError(), rows) { Options = new() { FeatureScaling = scaling } }));
            Assert.Contains(scaling.ToString(), exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Save_EveryScaling_LoadsTheSameScores()
    {
        foreach (FeatureScaling scaling in (FeatureScaling[])
            [
                FeatureScaling.Center, FeatureScaling.CenterChannels(2), FeatureScaling.QuantileNormal, FeatureScaling.WhitenPca(4), FeatureScaling.WhitenZca(),
            ])
        {
            MlpModel model = Train(scaling);
            using var stream = new MemoryStream(SmallData.Saved(model));
            MlpModel loaded = MlpModel.Load(stream);
            float[] features = [.. _rows.Take(40).SelectMany(row => row)];
            Assert.Equal(Bits.Of(RandomModels.Scores(model, features)), Bits.Of(RandomModels.Scores(loaded, features)));
        }
    }

    private static double[][] Whitened(MlpModel model) => [.. _rows.Select(row => (double[])
    [
        .. Enumerable.Range(0, model.Architecture.Whitening!.Components).Select(k =>
            Prepared(model, row).Select((value, j) => (double)value * model.Architecture.Whitening.Matrix.Row(j)[k]).Sum()),
    ])];

    private static float[] Prepared(MlpModel model, float[] row)
    {
        float[] prepared = new float[row.Length];
        model.Standardizer.Apply(row, prepared, 1);
        return prepared;
    }

    private static double Mean(int feature) => _rows.Where(row => !float.IsNaN(row[feature])).Average(row => (double)row[feature]);

    /// <summary>The integral of the density of the normal distribution, by the rule of Simpson.</summary>
    private static double ShareBelow(double x)
    {
        const int Steps = 2000;
        double width = x / Steps, sum = 0;
        for (int i = 0; i <= Steps; i++)
        {
            sum += (i == 0 || i == Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-i * width * i * width / 2);
        }

        return 0.5 + sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }

    private static InMemoryRows Rows()
    {
        var rows = new InMemoryRows(Features, 1);
        foreach (float[] row in _rows)
        {
            rows.Add(row, [row[0] - row[1]]);
        }

        return rows;
    }

    private static MlpModel Train(FeatureScaling scaling) => Train(Rows(), new() { FeatureScaling = scaling });

    private static MlpModel Train(InMemoryRows rows, MlpTrainingOptions options) => MlpTrainer.Train(
        new(new MlpArchitecture(rows.FeatureCount, 1) { HiddenLayers = [new(4)] }, new SquaredError(), rows)
        {
            Options = options with { NumberOfEpochs = 2, NumberOfThreads = 1 },
        }).Model;
}
