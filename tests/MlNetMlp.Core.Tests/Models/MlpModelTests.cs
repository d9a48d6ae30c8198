using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class MlpModelTests
{
    public static TheoryData<string> Names => RandomModels.Names;

    public static TheoryData<string> SingleNames => RandomModels.SingleNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_EveryArchitecture_EqualsTheReferenceWithoutFolding(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 37);
        features[model.FeatureCount] = float.NaN;
        double[] expected = ReferenceScores.Of(model, features);
        double tolerance = 1e-5 * Math.Max(1, expected.Max(Math.Abs));
        Assert.All(RandomModels.Scores(model, features).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, tolerance));
    }

    [Theory]
    [MemberData(nameof(SingleNames))]
    public void Predict_SameNetworkUnfolded_IsTheSameWithinRounding(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 37), prepared = new float[features.Length];
        model.Standardizer.Apply(features, prepared, 37);

        using var team = new ThreadTeam(1);
        var network = new MlpNetwork(model.Architecture, 37);
        network.Parameters.Restore(model.Values);
        var pass = new Pass(PassMode.Scoring, network.Parameters, team, default);
        float[] unfolded = network.Predictions(model.Loss, network.Forward(pass, Batches.Of(prepared, model.FeatureCount))).Values.ToArray();
        var scores = new MatrixSpan(unfolded, 37, model.OutputCount);
        for (int i = 0; i < 37; i++)
        {
            for (int k = 0; k < model.OutputCount; k++)
            {
                scores.Row(i)[k] = scores.Row(i)[k] * model.Targets.Scale[k] + model.Targets.Offset[k];
            }

            model.Loss.ToScores(scores.Row(i));
            for (int k = 0; model.Targets.Limits is { } limits && k < model.OutputCount; k++)
            {
                scores.Row(i)[k] = Math.Min(limits.Upper[k], Math.Max(limits.Lower[k], scores.Row(i)[k]));
            }
        }

        double tolerance = 1e-5 * unfolded.Max(Math.Abs);
        Assert.All(RandomModels.Scores(model, features).Zip(unfolded), pair => Assert.Equal(pair.Second, pair.First, tolerance));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_BlocksOfAnySize_HaveTheBitsOfSingleRows(string name)
    {
        MlpModel model = RandomModels.Named(name);
        const int Most = 300;
        float[] features = RandomModels.Features(model, Most), single = new float[Most * model.OutputCount];
        for (int i = 0; i < Most; i++)
        {
            model.Predict(features.AsSpan(i * model.FeatureCount, model.FeatureCount), single.AsSpan(i * model.OutputCount, model.OutputCount));
        }

        foreach (int rows in (int[])[0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 65, 127, 128, 129, 255, 256, 257, Most])
        {
            float[] scores = RandomModels.Scores(model, features[..(rows * model.FeatureCount)]);
            Assert.Equal(Bits.Of(single.AsSpan(0, scores.Length)), Bits.Of(scores));
        }
    }

    [Fact]
    public void Predict_VeryWideInput_ScoresFewRowsAtATimeWithTheSameBits()
    {
        // With 400,000 features, one row fills the scratch memory, so that five rows take five turns.
        MlpModel model = RandomModels.Create(new MlpArchitecture(400_000, 2), new SquaredError());
        float[] features = RandomModels.Features(model, 5), scores = RandomModels.Scores(model, features);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Bits.Of(scores.AsSpan(2 * i, 2)), Bits.Of(RandomModels.Scores(model, features[(i * 400_000)..((i + 1) * 400_000)])));
        }

        // On a thread that never scored before, the scratch memory is all that is asked for.
        long allocated = 0;
        var thread = new Thread(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Predict(features, scores, 5);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(allocated, 1, 5 << 20);

        features[3 * 400_000 + 7] = float.PositiveInfinity;
        var refused = Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, features));
        Assert.Equal((3, 7), (refused.Row, refused.Feature));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_ManyThreads_HaveTheSameBits(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 200);
        int[] expected = Bits.Of(RandomModels.Scores(model, features));
        var results = new int[16][];
        using var start = new Barrier(results.Length);
        Thread[] threads = [.. results.Select((_, t) => new Thread(() =>
        {
            start.SignalAndWait();
            for (int repetition = 0; repetition < 10; repetition++)
            {
                // Blocks of another size on every thread, one after the other.
                float[] scores = new float[200 * model.OutputCount];
                for (int first = 0; first < 200; first += t + 1)
                {
                    int rows = Math.Min(t + 1, 200 - first);
                    model.Predict(
                        features.AsSpan(first * model.FeatureCount, rows * model.FeatureCount), scores.AsSpan(first * model.OutputCount,
                            rows * model.OutputCount), rows);
                }

                results[t] = Bits.Of(scores);
                if (!results[t].SequenceEqual(expected))
                {
                    return;
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_AfterTheFirstCall_AllocatesNothing(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 200), scores = new float[200 * model.OutputCount];
        Assert.Equal(0, Allocated(() => model.Predict(features, scores, 200)));
        Assert.Equal(0, Allocated(() => model.Predict(features.AsSpan(0, model.FeatureCount), scores.AsSpan(0, model.OutputCount))));

        static long Allocated(Action action)
        {
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 5; attempt++)
            {
                action();
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 50; i++)
                {
                    action();
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }

    [Fact]
    public void Predict_ModelsOfDifferentWidthsInTurn_DoNotDisturbEachOther()
    {
        MlpModel small = RandomModels.Named("linear, softmax"), large = RandomModels.Named("wide");
        float[] smallFeatures = RandomModels.Features(small, 3), largeFeatures = RandomModels.Features(large, 140);
        int[] smallScores = Bits.Of(RandomModels.Scores(small, smallFeatures)), largeScores = Bits.Of(RandomModels.Scores(large, largeFeatures));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(smallScores, Bits.Of(RandomModels.Scores(small, smallFeatures)));
            Assert.Equal(largeScores, Bits.Of(RandomModels.Scores(large, largeFeatures)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_MissingValue_IsTheTrainingMean(string name)
    {
        MlpModel model = RandomModels.Named(name);
        float[] features = RandomModels.Features(model, 3), replaced = [.. features];
        for (int i = 0; i < features.Length; i += 2)
        {
            features[i] = float.NaN;
            replaced[i] = model.Standardizer.Replacement[i % model.FeatureCount];
        }

        Assert.Equal(Bits.Of(RandomModels.Scores(model, replaced)), Bits.Of(RandomModels.Scores(model, features)));
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Predict_InfinityToImpute_IsTheTrainingMean(float infinity)
    {
        MlpModel model = RandomModels.Named("linear, squared", InvalidValueHandling.Fail, InvalidValueHandling.Impute);
        float[] features = RandomModels.Features(model, 2), replaced = [.. features];

        // One in the vectorised part of the row and one behind it.
        foreach (int feature in (int[])[3, 16])
        {
            features[feature] = infinity;
            replaced[feature] = model.Standardizer.Replacement[feature];
        }

        Assert.Equal(Bits.Of(RandomModels.Scores(model, replaced)), Bits.Of(RandomModels.Scores(model, features)));
    }

    [Theory]
    [InlineData(0, 0, float.PositiveInfinity)]
    [InlineData(0, 16, float.NegativeInfinity)]
    [InlineData(3, 5, float.NaN)]
    [InlineData(127, 1, float.NaN)]
    [InlineData(128, 2, float.PositiveInfinity)]
    [InlineData(299, 16, float.NaN)]
    public void Predict_RefusedValue_NamesRowFeatureAndValue(int row, int feature, float value)
    {
        MlpModel model = RandomModels.Named("linear, squared", InvalidValueHandling.Fail, InvalidValueHandling.Fail);
        float[] features = RandomModels.Features(model, 300);
        features[row * model.FeatureCount + feature] = value;
        var refused = Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, features));
        Assert.Equal((row, feature, value), (refused.Row, refused.Feature, refused.Value));
        Assert.StartsWith(FormattableString.Invariant($"Row {row} (from 0), feature {feature} is {value}: "), refused.Message, StringComparison.Ordinal);
        Assert.Contains(float.IsNaN(value) ? "missing values are not allowed" : "infinite values are not allowed", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Predict_ValueThatOverflows_NamesIt(int row)
    {
        MlpModel model = RandomModels.Named("linear, squared");
        int feature = 3;
        while (model.Standardizer.Scale[feature] < 1.2f)
        {
            feature++;
        }

        // Too far to be standardized.
        float[] features = RandomModels.Features(model, 201);
        features[row * 17 + feature] = -3.3e38f;
        var refused = Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, features));
        Assert.Equal((row, feature, -3.3e38f), (refused.Row, refused.Feature, refused.Value));

        // Near enough for that, but too far for a finite score.
        features[row * 17 + feature] = 2e38f;
        refused = Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, features));
        Assert.Equal((row, feature, 2e38f), (refused.Row, refused.Feature, refused.Value));
        Assert.Contains("too far from the training rows", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_AfterARefusal_ScoresAsBefore()
    {
        MlpModel model = RandomModels.Named("batch normalization");
        float[] features = RandomModels.Features(model, 5);
        int[] expected = Bits.Of(RandomModels.Scores(model, features));
        Assert.Throws<InvalidFeatureException>(() => RandomModels.Scores(model, [float.PositiveInfinity, 0, 0, 0, 0, 0]));
        Assert.Equal(expected, Bits.Of(RandomModels.Scores(model, features)));
    }

    [Theory]
    [InlineData(4, 3, 1, "features")]
    [InlineData(6, 3, 1, "features")]
    [InlineData(5, 2, 1, "scores")]
    [InlineData(5, 4, 1, "scores")]
    [InlineData(5, 3, 2, "features")]
    [InlineData(10, 3, 2, "scores")]
    [InlineData(5, 3, 0, "features")]
    public void Predict_WrongLength_NamesTheSpanAndTheNeed(int features, int scores, int rows, string name)
    {
        MlpModel model = RandomModels.Named("linear, softmax");
        var error = Assert.Throws<ArgumentException>(() => model.Predict(new float[features], new float[scores], rows));
        Assert.Equal(name, error.ParamName);
        Assert.Contains($"'{name}' has {(name == "features" ? features : scores)} values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_NegativeRows_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomModels.Named("linear, softmax").Predict([], [], -1));

    [Fact]
    public void Properties_Model_DescribeIt()
    {
        MlpModel model = RandomModels.Named("wide");
        Assert.Equal((70, 11), (model.FeatureCount, model.OutputCount));
        Assert.Equal(new SoftmaxCrossEntropy(), model.Loss);
        Assert.Equal("70-300-129-11", model.Architecture.ToString());
    }

    [Theory]
    [InlineData(0f, 0.5)]
    [InlineData(2f, 0.880797078)]
    [InlineData(-2f, 0.119202922)]
    [InlineData(-80f, 1.80485139e-35)]
    public void Probability_Score_IsTheSigmoid(float score, double expected)
    {
        Assert.Equal(expected, MlpModel.Probability(score), 1e-6 * expected);
    }

    /// <summary>So that ML.NET's log-loss, -log2(p) or -log2(1 - p) in double precision, is finite.</summary>
    [Theory]
    [InlineData(16.7f)]
    [InlineData(85.8f)]
    [InlineData(1e4f)]
    [InlineData(float.PositiveInfinity)]
    public void Probability_GreatScores_AreNeverCertain(float score)
    {
        Assert.Equal(24, -Math.Log2(1.0 - MlpModel.Probability(score)), 1e-9);
        Assert.InRange(-Math.Log2(MlpModel.Probability(-score)), 24, 126);
        Assert.True(float.IsNormal(MlpModel.Probability(-score)));
    }

    [Fact]
    public void Probability_NaN_IsNaN() => Assert.True(float.IsNaN(MlpModel.Probability(float.NaN)));

    [Theory]
    [InlineData("Output.Weights")]
    [InlineData("Output.Biases")]
    public void Constructor_ParametersThatFoldToInfinity_AreRefused(string name)
    {
        var architecture = new MlpArchitecture(1, 1);
        var standardizer = FeatureStandardizer.AsGiven(1, InvalidValueHandling.Impute, InvalidValueHandling.Fail);
        ParameterVector parameters = new MlpNetwork(architecture, 0).Parameters;
        parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name == name))[0] = 1e30f;
        Assert.Throws<OverflowException>(
            () => new MlpModel(architecture, new SquaredError(), standardizer, new TargetUnits([0], [1e30f]), parameters.Snapshot()));
    }
}
