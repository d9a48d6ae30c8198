namespace MlNetMlp.Core.Tests;

/// <summary>What the trainer refuses before it starts, and what it makes of missing values, constant columns and units.</summary>
public class TrainingDataTests
{
    private static readonly MlpTrainingOptions _options = new() { NumberOfEpochs = 3, NumberOfThreads = 1 };

    /// <summary>What is wrong, part of the message, and the call.</summary>
    public static TheoryData<string, string, Action> Wrong => new()
    {
        { "no rows", "There are no training rows; at least 1 is needed.", () => Train(new(4, 3), new SoftmaxCrossEntropy(), new InMemoryRows(4, 1)) },
        { "no validation rows", "There are no validation rows; at least 1 is needed.", () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1),
            new InMemoryRows(4, 1)) },
        { "features", "The training rows have 5 features and 1 targets, but the network 4-3 with SoftmaxCrossEntropy needs 4 and 1.",
            () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(5, 1)) },
        { "targets", "The training rows have 4 features and 1 targets, but the network 4-3 with SquaredError needs 4 and 3.",
            () => Train(new(4, 3), new SquaredError(), Rows(4, 1)) },
        { "validation features", "The validation rows have 5 features and 1 targets, but the network 4-3 with SoftmaxCrossEntropy needs 4 and 1.",
            () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1), Rows(5, 1)) },
        { "one class", "needs at least 2 outputs", () => Train(new(4, 1), new SoftmaxCrossEntropy(), Rows(4, 1)) },
        { "two outputs", "needs exactly 1 output, but the network has 2", () => Train(new(4, 2), new SigmoidCrossEntropy(), Rows(4, 1)) },
        { "class index", "Row 1 (from 0): the target is 3; SoftmaxCrossEntropy allows the class indices 0 to 2.",
            () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1, 0, 3)) },
        { "missing class", "Row 2 (from 0): the target is NaN", () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1, 0, 1, float.NaN)) },
        { "binary target", "Row 1 (from 0): the target is 2; SigmoidCrossEntropy allows 0 to 1.",
            () => Train(new(4, 1), new SigmoidCrossEntropy(), Rows(4, 1, 0, 2)) },
        { "infinite value", "Row 2 (from 0): target 0 is Infinity; SquaredError allows finite numbers up to 1.7E+38 in size.",
            () => Train(new(4, 1), new SquaredError(), Rows(4, 1, 0, 2, float.PositiveInfinity)) },
        { "validation class", "Row 0 (from 0): the target is 9", () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1), Rows(4, 1, 9)) },
        { "zero weights", "All training rows have the weight 0; at least one must have a positive weight.",
            () => Train(new(4, 3), new SoftmaxCrossEntropy(), Weighted(0)) },
        { "zero validation weights", "All validation rows have the weight 0", () => Train(new(4, 3), new SoftmaxCrossEntropy(), Rows(4, 1), Weighted(0)) },
        { "negative weight", "Row 0 (from 0) of the training rows has the weight -1; finite numbers from 0 are allowed.",
            () => Train(new(4, 3), new SoftmaxCrossEntropy(), Weighted(-1)) },
        { "infinite weight", "Row 0 (from 0) of the training rows has the weight Infinity", () => Train(new(4, 3), new SoftmaxCrossEntropy(),
            Weighted(float.PositiveInfinity)) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Train_WrongData_SaysWhatIsWrong(string what, string message, Action train)
    {
        Assert.NotEmpty(what);
        Assert.Contains(message, Assert.Throws<ArgumentException>(train).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NullArgument_IsNamed()
    {
        var architecture = new MlpArchitecture(4, 3);
        var loss = new SoftmaxCrossEntropy();
        Assert.Throws<ArgumentNullException>("architecture", () => new TrainingTask(null!, loss, Rows(4, 1)));
        Assert.Throws<ArgumentNullException>("loss", () => new TrainingTask(architecture, null!, Rows(4, 1)));
        Assert.Throws<ArgumentNullException>("rows", () => new TrainingTask(architecture, loss, null!));
        Assert.Throws<ArgumentNullException>("Options", () => new TrainingTask(architecture, loss, Rows(4, 1)) { Options = null! });
        Assert.Throws<ArgumentNullException>("task", () => MlpTrainer.Train(null!));
    }

    [Theory]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NegativeInfinity, true)]
    [InlineData(float.NaN, false)]
    [InlineData(float.NaN, true)]
    public void Train_RefusedFeature_NamesRowAndFeatureBeforeTheFirstEpoch(float value, bool inValidation)
    {
        var loss = new SquaredError();
        InMemoryRows good = SmallData.For(loss, 50), bad = SmallData.For(loss, 50);
        (float[] x, float[] y) = SmallData.Row(loss, 50);
        x[2] = value;
        bad.Add(x, y);
        MlpTrainingOptions options = _options with { MissingValues = InvalidValueHandling.Fail };
        var error = Assert.Throws<InvalidFeatureException>(() => MlpTrainer.Train(new(new(4, 3), loss, inValidation ? good : bad)
        {
            Validation = inValidation ? bad : null,
            Options = options,
            Progress = new ImmediateProgress(_ => Assert.Fail("An epoch was run.")),
        }));
        Assert.Equal((50, 2, value), (error.Row, error.Feature, error.Value));
    }

    [Fact]
    public void Train_FeatureThatOverflowsWhenStandardized_NamesItsRowInTheData()
    {
        // A row without weight does not widen the scale: it is the only one that can be so far out. Shuffled, it is anywhere in a mini-batch.
        var loss = new SquaredError();
        InMemoryRows rows = SmallData.For(loss, 70);
        (float[] x, float[] y) = SmallData.Row(loss, 70);
        x = [.. x.Select(value => value * 1e-3f)];
        x[1] = 3e38f;
        rows.Add(x, y, 0);
        var narrow = new InMemoryRows(4, 3);
        RowBatch all = rows.Read();
        for (int i = 0; i < rows.Count; i++)
        {
            float[] features = all.FeaturesOf(i).ToArray();
            narrow.Add([features[0], i == 70 ? features[1] : features[1] * 0.01f, features[2], features[3]], all.TargetsOf(i), all.Weights[i]);
        }

        var error = Assert.Throws<InvalidFeatureException>(() => MlpTrainer.Train(new(new(4, 3), loss, narrow) { Options = _options }));
        Assert.Equal((70, 1, 3e38f), (error.Row, error.Feature, error.Value));
        Assert.Contains("too far from the training rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_MissingAndInfiniteFeaturesToImpute_AreTheMeanOfTheOthers()
    {
        var loss = new SquaredError();
        var rows = new InMemoryRows(2, 1);
        foreach ((float a, float b) in (ReadOnlySpan<(float, float)>)[(1, 5), (3, float.NaN), (float.NegativeInfinity, 7), (5, 9)])
        {
            rows.Add([a, b], [1 + (float.IsFinite(a) ? a : 0)]);
        }

        MlpModel model = MlpTrainer.Train(new(new(2, 1), loss, rows)
        {
            Options = _options with { InfiniteValues = InvalidValueHandling.Impute },
        }).Model;
        Assert.Equal([3, 7], model.Standardizer.Replacement);
        Assert.Equal(Bits.Of(RandomModels.Scores(model, [3, 7])), Bits.Of(RandomModels.Scores(model, [float.NaN, float.PositiveInfinity])));
    }

    /// <summary>The values of a constant target, small, large and plain, are scored to the last bit, alone and beside a target that varies.</summary>
    [Theory]
    [InlineData(0.001f, true)]
    [InlineData(-3e30f, true)]
    [InlineData(0f, true)]
    [InlineData(7f, false)]
    public void Train_ConstantTarget_IsScoredExactly(float value, bool standardize)
    {
        foreach (DifferenceLoss loss in new DifferenceLoss[] { new SquaredError(), new AbsoluteError(), new HuberLoss() })
        {
            InMemoryRows alone = new(2, 1), beside = new(2, 2);
            for (int i = 0; i < 50; i++)
            {
                alone.Add([i, i % 7], [value]);
                beside.Add([i, i % 7], [i * 0.1f, value]);
            }

            float[] far = [1e6f, -1e6f], one = new float[1], two = new float[2];
            MlpTrainingOptions options = new() { NumberOfEpochs = 2, Seed = 1 };
            DifferenceLoss given = loss with { StandardizeTargets = standardize };
            MlpModel model = MlpTrainer.Train(new(new MlpArchitecture(2, 1) { HiddenLayers = [new(8)] }, given, alone) { Options = options }).Model;
            model.Predict(far, one);
            Assert.Equal(value, one[0]);

            MlpModel both = MlpTrainer.Train(new(new MlpArchitecture(2, 2) { HiddenLayers = [new(8)] }, given, beside) { Options = options }).Model;
            both.Predict(far, two);
            Assert.Equal(value, two[1]);
            Assert.NotEqual(two[0], value);
            using var saved = new MemoryStream(SmallData.Saved(both));
            MlpModel.Load(saved).Predict(far, one = new float[2]);
            Assert.Equal(two, one);
        }
    }

    /// <summary>Validation rows have other values: what is wrong by 3 counts as 3, in the units of the targets.</summary>
    [Fact]
    public void Train_ConstantTargetThatValidationRowsDoNotHave_IsEvaluatedInItsUnits()
    {
        InMemoryRows training = new(1, 1), validation = new(1, 1);
        for (int i = 0; i < 50; i++)
        {
            training.Add([i], [10]);
            validation.Add([i], [13]);
        }

        MlpTrainingResult result = MlpTrainer.Train(new(new MlpArchitecture(1, 1), new SquaredError(), training)
        {
            Validation = validation,
            Options = new() { NumberOfEpochs = 200, LearningRate = 0.1f, Seed = 1 },
        });
        Assert.Equal(3, result.History[^1].ValidationMetric!.Value, 0.01);
    }

    [Fact]
    public void Train_ConstantColumn_IsIgnored()
    {
        var loss = new SquaredError();
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 20; i++)
        {
            rows.Add([0.1f, i], [2 * i]);
        }

        MlpModel model = MlpTrainer.Train(new(new(2, 1), loss, rows) { Options = _options }).Model;
        Assert.Equal(Bits.Of(RandomModels.Scores(model, [0.1f, 5])), Bits.Of(RandomModels.Scores(model, [-1e6f, 5])));
        Assert.NotEqual(RandomModels.Scores(model, [0.1f, 5]), RandomModels.Scores(model, [0.1f, 6]));

        // Given as it is, it is a feature like any other.
        model = MlpTrainer.Train(new(new(2, 1), loss, rows) { Options = _options with { FeatureScaling = FeatureScaling.None } }).Model;
        Assert.NotEqual(RandomModels.Scores(model, [0.1f, 5]), RandomModels.Scores(model, [9, 5]));
    }

    [Fact]
    public void Train_ConstantColumnMissing_IsIgnoredToo()
    {
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < 20; i++)
        {
            rows.Add([float.NaN, i], [2 * i]);
        }

        MlpModel model = MlpTrainer.Train(new(new(2, 1), new SquaredError(), rows) { Options = _options }).Model;
        Assert.Equal(Bits.Of(RandomModels.Scores(model, [float.NaN, 5])), Bits.Of(RandomModels.Scores(model, [3, 5])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_RegressionFarFromZero_ScoresInTheUnitsOfTheTargets(bool standardize)
    {
        // Target 0 is 5 + 2x, target 1 is 100,000 - 300x, target 2 is always 7.
        var rows = new InMemoryRows(1, 3);
        float factor = standardize ? 1 : 0.01f;
        for (int i = 0; i < 50; i++)
        {
            rows.Add([i], [5 + 2 * i, factor * (100_000 - 300 * i), 7]);
        }

        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 300,
            BatchSize = 50,
            Optimizer = new Momentum(),
            LearningRate = 0.05f,
            NumberOfThreads = 1,
            OutputBiasFromTargets = false,
        };
        MlpTrainingResult result = MlpTrainer.Train(new(new(1, 3), new SquaredError { StandardizeTargets = standardize }, rows)
        {
            Validation = rows,
            Options = options
        });
        float[] scores = RandomModels.Scores(result.Model, [10]);
        Assert.Equal(25, scores[0], 0.01f);
        Assert.Equal(factor * 97_000, scores[1], 3f);
        Assert.Equal(7, scores[2], 0.01f);

        // The metric is in the same units, whatever the network saw: at first it is of the size of the targets.
        Assert.True(result.History[0].ValidationMetric > 100);
        Assert.True(result.History[^1].ValidationMetric < 2);
    }

    private static void Train(MlpArchitecture architecture, Loss loss, IRowSource training, IRowSource? validation = null) =>
        MlpTrainer.Train(new(architecture, loss, training) { Validation = validation, Options = _options });

    private static InMemoryRows Rows(int features, int targets, params float[] firstTargets)
    {
        var rows = new InMemoryRows(features, targets);
        foreach (float target in firstTargets.Length > 0 ? firstTargets : [0, 1])
        {
            float[] y = new float[targets];
            y[0] = target;
            rows.Add(new float[features], y);
        }

        return rows;
    }

    private static OneRow Weighted(float weight) => new(weight);

    private sealed class OneRow(float weight) : IRowSource
    {
        public int Count => 1;

        public int FeatureCount => 4;

        public int TargetCount => 1;

        public void Gather(ReadOnlySpan<int> rows, RowBatch batch)
        {
            foreach (int _ in rows)
            {
                batch.Add(new float[4], [0], weight);
            }
        }
    }
}
