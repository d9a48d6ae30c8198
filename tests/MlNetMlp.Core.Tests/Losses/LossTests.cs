using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

public class LossTests
{
    private static readonly Loss _softmax = new SoftmaxCrossEntropy();
    private static readonly Loss _sigmoid = new SigmoidCrossEntropy();
    private static readonly Loss _squared = new SquaredError();
    private static readonly Loss _smoothed = new SoftmaxCrossEntropy { LabelSmoothing = 0.3f };
    private static readonly Loss _smoothedSigmoid = new SigmoidCrossEntropy { LabelSmoothing = 0.3f };
    private static readonly Loss _huber = new HuberLoss { Delta = 0.75f };
    private static readonly Loss _hinge = new MulticlassHinge();
    private static readonly Loss _squaredHinge = new SquaredMulticlassHinge();
    private static readonly Loss _divergence = new KullbackLeiblerDivergence();
    private static readonly Loss _cosine = new CosineProximity();

    /// <summary>Worked out by hand, to nine digits: loss, logits, targets, value, gradient.</summary>
    public static TheoryData<Loss, float[], float[], double, double[]> HandComputed => new()
    {
        // exp(1 .. 3) sum to 30.1928749, whose logarithm is 3.40760596.
        { _softmax, [1, 2, 3], [0], 2.40760596, [0.0900305732 - 1, 0.244728471, 0.665240956] },
        { _softmax, [1, 2, 3], [2], 0.407605964, [0.0900305732, 0.244728471, 0.665240956 - 1] },
        { _softmax, [0, 0], [1], 0.693147181, [0.5, -0.5] },
        { _sigmoid, [2], [1], 0.126928011, [0.880797078 - 1] },
        { _sigmoid, [2], [0], 2.126928011, [0.880797078] },
        { _sigmoid, [-1], [0.25f], 0.563261688, [0.268941421 - 0.25] },
        { _sigmoid, [0], [1], 0.693147181, [-0.5] },

        // 0.3 of the target in equal parts: 0.85 and 0.15. 2.126928011 - 0.85 * 2, and 2.126928011 - 0.15 * 2.
        { _smoothedSigmoid, [2], [1], 0.426928011, [0.880797078 - 0.85] },
        { _smoothedSigmoid, [2], [0], 1.826928011, [0.880797078 - 0.15] },
        { _squared, [1, -2], [3, 1], 6.5, [-2, -3] },
        { new MulticlassSquaredError(), [1, -2, 0.5f], [2], (1 + 4 + 0.25) / 2, [1, -2, -0.5] },

        // Probabilities 0.0900305732, 0.244728471, 0.665240956.
        { new SoftmaxSquaredError(), [1, 2, 3], [0], 0.665240956, [-0.119784049, -0.0430193529, 0.162803402] },
        { new SoftmaxSquaredError(), [1, 2, 3], [2], 0.0900305732, [0.0220330445, 0.0977510046, -0.119784049] },
        { new SigmoidSquaredError(), [2], [1], 0.00710466831, [-0.0125155422] },
        { new SigmoidSquaredError(), [2], [0], 0.387901746, [0.0924780432] },
        { new SigmoidSquaredError(), [-1], [1], 0.267223323, [-0.14373484] },
        { _squared, [0.5f], [0.5f], 0, [0] },

        // 0.7 of the target on class 0 and 0.1 on each of the three: 3.40760596 - 0.7 * 1 - 0.1 * 6.
        { _smoothed, [1, 2, 3], [0], 2.10760596, [0.0900305732 - 0.8, 0.244728471 - 0.1, 0.665240956 - 0.1] },
        { new AbsoluteError(), [1, -2, 4], [3, 1, 4], 5, [-1, -1, 0] },
        { _huber, [1, -2, 4, 0], [3, -1.5f, 4, -3], 0.75 * (2 - 0.375) + 0.125 + 0.75 * (3 - 0.375), [-0.75, -0.5, 0, 0.75] },
        { _huber, [0.75f], [0], 0.28125, [0.75] },
        { _hinge, [1, 1.5f, -3, 0.25f], [1], 0.5, [1, -1, 0, 0] },
        { _hinge, [1, 1.5f, -3, 0.75f], [0], 1.5 + 0.75, [-2, 1, 0, 1] },
        { _hinge, [3, 1, 2], [0], 0, [0, 0, 0] },
        { _squaredHinge, [1, 1.5f, -3, 0.75f], [0], 2.25 + 0.5625, [-4.5, 3, 0, 1.5] },
        { new BinaryHinge(), [0.25f], [1], 0.75, [-1] },
        { new BinaryHinge(), [0.25f], [0], 1.25, [1] },
        { new BinaryHinge(), [1], [1], 0, [0] },
        { new BinaryHinge(), [-1.5f], [0], 0, [0] },
        { new PerceptronLoss(), [-2], [1], 2, [-1] },
        { new PerceptronLoss(), [2], [0], 2, [1] },
        { new PerceptronLoss(), [2], [1], 0, [0] },
        { new PerceptronLoss(), [-2], [0], 0, [0] },

        // On the boundary the perceptron says "negative", and learns from a positive row only.
        { new PerceptronLoss(), [0], [1], 0, [-1] },
        { new PerceptronLoss(), [0], [0], 0, [0] },

        // 0.25 log 0.25 + 0.75 log 0.75 = -0.562335145, and 0.25 * 2.40760596 + 0.75 * 0.407605964 = 0.907605963.
        { _divergence, [1, 2, 3], [0.25f, 0, 0.75f], 0.345270818, [0.0900305732 - 0.25, 0.244728471, 0.665240956 - 0.75] },
        { _divergence, [0, 0], [0.5f, 0.5f], 0, [0, 0] },


        // The parts count 2, 1 and 0.5 times.
        { new KullbackLeiblerDivergence().With([2, 1, 0.5f]), [1, 2, 3], [0.25f, 0, 0.75f], 0.555627261, [-0.421223248, 0.214137412, 0.207085836] },

        // |z| = 5, |y| = 2, cosine 0.8; (0.8 z / 5 - y / 2) / 5.
        { _cosine, [3, 4], [0, 2], 0.2, [0.096, -0.072] },
        { _cosine, [3, 4], [-6, -8], 2, [0, 0] },
        { _cosine, [0, 0], [1, 0], 1, [0, 0] },
    };

    /// <summary>Logits for which the formula in its textbook form gives infinity or NaN, or loses all digits.</summary>
    public static TheoryData<Loss, float[], float[], double, double[]> Extreme => new()
    {
        { _softmax, [1e4f, -1e4f, 0], [1], 2e4, [1, -1, 0] },
        { _softmax, [1e4f, -1e4f, 0], [0], 0, [0, 0, 0] },
        { _softmax, [3e38f, -3e38f], [1], 6e38, [1, -1] },
        { _softmax, [20, 0], [0], 2.0611536e-9, [-2.0611536e-9, 2.0611536e-9] },
        { _sigmoid, [1e4f], [1], 0, [0] },
        { _sigmoid, [1e4f], [0], 1e4, [1] },
        { _sigmoid, [-1e4f], [1], 1e4, [-1] },
        { _sigmoid, [-3e38f], [1], 3e38, [-1] },
        { _sigmoid, [40], [1], 4.24835426e-18, [0] },
        { _sigmoid, [-40], [0], 4.24835426e-18, [4.24835426e-18] },
        { _squared, [1e19f], [-1e19f], 2e38, [2e19] },
        { _squared, [3e38f], [0], 4.5e76, [3e38] },
        { _smoothed, [3e38f, -3e38f], [0], 0.3 * 3e38, [0.15, -0.15] },
        { new AbsoluteError(), [3e38f], [-3e38f], 6e38, [1] },
        { _huber, [3e38f], [-3e38f], 4.5e38, [0.75] },
        { _hinge, [-3e38f, 3e38f], [0], 6e38, [-1, 1] },
        { _squaredHinge, [-1e19f, 1e19f], [0], 4e38, [-4e19, 4e19] },
        { new BinaryHinge(), [-3e38f], [1], 3e38, [-1] },
        { _divergence, [3e38f, -3e38f], [0, 1], 6e38, [1, -1] },
        { _cosine, [3e38f, 3e38f], [3e38f, 0], 1 - 0.7071067811865476, [0, 0] },
        { _cosine, [1e-30f, 0], [0, 1e-30f], 1, [0, -1e30] },
    };

    [Theory]
    [MemberData(nameof(HandComputed))]
    [MemberData(nameof(Extreme))]
    public void Gradient_OneRow_HasTheComputedValues(Loss loss, float[] logits, float[] targets, double value, double[] gradient)
    {
        float[] result = new float[logits.Length];
        double sum = loss.Gradient(Row(logits), Row(targets), [1], 1, new MatrixSpan(result, 1, result.Length));
        Assert.Equal(value, sum, 1e-8 + 1e-6 * Math.Abs(value));
        Assert.All(result.Zip(gradient), pair => Assert.Equal(pair.Second, pair.First, 1e-7 + 1e-6 * Math.Abs(pair.Second)));
    }

    [Theory]
    [MemberData(nameof(HandComputed))]
    [MemberData(nameof(Extreme))]
    public void Evaluate_OneRow_HasTheComputedLoss(Loss loss, float[] logits, float[] targets, double value, double[] gradient)
    {
        Assert.Equal(gradient.Length, logits.Length);
        Assert.Equal(value, loss.LossSum(Row(logits), Row(targets), [1]), 1e-15 + 1e-6 * Math.Abs(value));
    }

    [Theory]
    [InlineData(2e-9)]
    [InlineData(4e-18)]
    public void Gradient_SmallSigmoidLoss_KeepsItsDigits(double about)
    {
        // The logarithm of 1 + x for x far below the rounding of 1.
        float z = (float)-Math.Log(about);
        double expected = Math.Exp(-(double)z) - Math.Exp(-2.0 * z) / 2;
        Assert.Equal(expected, _sigmoid.Gradient(Row([z]), Row([1]), [1], 1, new MatrixSpan(new float[1], 1, 1)), 1e-6 * expected);
    }

    [Fact]
    public void Gradient_SeveralRows_SumsWithWeightsAndScalesTheGradient()
    {
        float[] logits = [1, 2, 3, 1, 2, 3, 9, 9, 9], targets = [0, 2, 1], weights = [2, 0.5f, 0], gradient = new float[9];
        gradient.AsSpan().Fill(7);
        double sum = _softmax.Gradient(new ReadOnlyMatrixSpan(logits, 3, 3), new ReadOnlyMatrixSpan(targets, 3, 1), weights, 0.1f,
            new MatrixSpan(gradient, 3, 3));
        Assert.Equal(2 * 2.40760596 + 0.5 * 0.407605964, sum, 1e-6);
        double[] expected =
        [
            0.2 * (0.0900305732 - 1), 0.2 * 0.244728471, 0.2 * 0.665240956,
            0.05 * 0.0900305732, 0.05 * 0.244728471, 0.05 * (0.665240956 - 1), 0, 0, 0,
        ];
        Assert.All(gradient.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-7));

        float[] binary = new float[3];
        sum = _sigmoid.Gradient(new ReadOnlyMatrixSpan([2, 2, 5], 3, 1), new ReadOnlyMatrixSpan([1, 0, 1], 3, 1), weights, 0.1f, new MatrixSpan(binary, 3, 1));
        Assert.Equal(2 * 0.126928011 + 0.5 * 2.126928011, sum, 1e-6);
        Assert.All(binary.Zip([0.2 * -0.119202922, 0.05 * 0.880797078, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-7));

        float[] values = new float[6];
        sum = _squared.Gradient(
            new ReadOnlyMatrixSpan([1, -2, 0, 0, 4, 4], 3, 2), new ReadOnlyMatrixSpan([3, 1, 1, 0, 0, 0], 3, 2), weights, 0.1f, new MatrixSpan(values, 3, 2));
        Assert.Equal(2 * 6.5 + 0.5 * 0.5, sum, 1e-6);
        Assert.All(values.Zip([-0.4, -0.6, -0.05, 0, 0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
    }

    [Fact]
    public void Evaluate_Softmax_CountsTheWeightOfRightRowsAndGivesTiesToTheLowestIndex()
    {
        float[] logits = [0, 1, 2, 2, 2, 2, 5, 1, 1], targets = [2, 1, 0], weights = [1, 2, 4];
        double right = _softmax.MetricSum(new ReadOnlyMatrixSpan(logits, 3, 3), new ReadOnlyMatrixSpan(targets, 3, 1), weights, [1, 1, 1]);
        Assert.Equal(5, right);
        Assert.Equal(0.25, _softmax.Metric(0.25));
        Assert.Equal("Accuracy", _softmax.MetricName);
    }

    [Fact]
    public void Evaluate_Sigmoid_CountsALogOddsOfZeroAsNegative()
    {
        double right = _sigmoid.MetricSum(new ReadOnlyMatrixSpan([0, 0, 1, -1], 4, 1), new ReadOnlyMatrixSpan([0, 1, 1, 1], 4, 1), [1, 2, 4, 8], [1]);
        Assert.Equal(5, right);
    }

    [Fact]
    public void Evaluate_SquaredError_MeasuresInTheUnitsOfTheTargets()
    {
        // Differences 1 and 2, worth 10 and 100 each: the mean square is (100 + 40000) / 2.
        (double loss, double metric) = Sums(_squared, new ReadOnlyMatrixSpan([1, 2], 1, 2), new ReadOnlyMatrixSpan([0, 0], 1, 2));
        Assert.Equal(7.5, loss);
        Assert.Equal(Math.Sqrt(20050), _squared.Metric(metric / 3), 1e-9);
    }

    [Fact]
    public void ToScores_Softmax_GivesProbabilitiesAndTheOthersNothingNew()
    {
        float[] row = [1, 2, 3];
        _softmax.ToScores(row);
        Assert.All(row.Zip([0.0900305732, 0.244728471, 0.665240956]), pair => Assert.Equal(pair.Second, pair.First, 1e-7));

        float[] same = [1, 2, 3];
        _squared.ToScores(same);
        _sigmoid.ToScores(same);
        Assert.Equal([1, 2, 3], same);
    }

    [Fact]
    public void ToScores_OtherLosses_GivesSharesForTheDivergenceAndTheOutputsElsewhere()
    {
        float[] row = [1, 2, 3], same = [1, 2, 3];
        _divergence.ToScores(row);
        Assert.All(row.Zip([0.0900305732, 0.244728471, 0.665240956]), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
        Assert.All((Loss[])[new AbsoluteError(), _huber, _hinge, _squaredHinge, new BinaryHinge(), new PerceptronLoss(), _cosine], loss => loss.ToScores(same));
        Assert.Equal([1, 2, 3], same);
    }

    [Theory]
    [MemberData(nameof(HandComputed))]
    public void Gradient_AnyLoss_IsScaledAndWeightedAndReplacesWhatWasThere(Loss loss, float[] logits, float[] targets, double value, double[] gradient)
    {
        float[] result = new float[2 * logits.Length];
        result.AsSpan().Fill(7);
        double sum = loss.Gradient(
            new ReadOnlyMatrixSpan([.. logits, .. logits], 2, logits.Length), new ReadOnlyMatrixSpan([.. targets, .. targets], 2, targets.Length),
            [0, 4], 0.5f, new MatrixSpan(result, 2, logits.Length));
        Assert.Equal(4 * value, sum, 1e-6);
        Assert.All(result[..logits.Length], entry => Assert.Equal(0, entry));
        Assert.All(result[logits.Length..].Zip(gradient), pair => Assert.Equal(2 * pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Evaluate_LossesOfValues_MeasureInTheUnitsOfTheTargets()
    {
        ReadOnlyMatrixSpan z = new([1, 2], 1, 2), y = new([0, 0], 1, 2);
        (double loss, double metric) = Sums(new AbsoluteError(), z, y);
        Assert.Equal((9, 3 * 105), (loss, new AbsoluteError().Metric(metric)));
        (loss, metric) = Sums(_huber, z, y);
        Assert.Equal(3 * (0.75 * 0.625 + 0.75 * 1.625), loss);
        Assert.Equal(Math.Sqrt(20050), _huber.Metric(metric / 3), 1e-9);
        (loss, metric) = Sums(_divergence, new ReadOnlyMatrixSpan([0, 0], 1, 2), new ReadOnlyMatrixSpan([1, 0], 1, 2));
        Assert.Equal(3 * 0.693147181, loss, 1e-8);
        Assert.Equal(loss, metric);
        (loss, metric) = Sums(_cosine, new ReadOnlyMatrixSpan([3, 4], 1, 2), new ReadOnlyMatrixSpan([0, 2], 1, 2));
        Assert.Equal((0.6, 2.4), (Math.Round(loss, 12), Math.Round(metric, 12)));
        Assert.Equal(
            ["MeanAbsoluteError", "RootMeanSquaredError", "KullbackLeiblerDivergence", "CosineSimilarity"],
            ((Loss[])[new AbsoluteError(), _huber, _divergence, _cosine]).Select(measured => measured.MetricName));
    }

    [Fact]
    public void Evaluate_MarginLosses_CountTheWeightOfRightRows()
    {
        float[] logits = [0, 1, 2, 2, 2, 2, 5, 1, 1], targets = [2, 1, 0], weights = [1, 2, 4];
        Assert.Equal(5, _hinge.MetricSum(new ReadOnlyMatrixSpan(logits, 3, 3), new ReadOnlyMatrixSpan(targets, 3, 1), weights, [1, 1, 1]));
        Assert.Equal(5, new BinaryHinge().MetricSum(new ReadOnlyMatrixSpan([0, 0, 1, -1], 4, 1), new ReadOnlyMatrixSpan([0, 1, 1, 1], 4, 1),
            [1, 2, 4, 8], [1]));
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void CheckTargets_NeitherZeroNorOne_IsRefusedByTheMarginLosses(float target)
    {
        foreach (Loss loss in (Loss[])[new BinaryHinge(), new PerceptronLoss()])
        {
            string message = Assert.Throws<ArgumentException>(() => loss.CheckTargets([target], 1, 17)).Message;
            Assert.Contains("Row 17", message, StringComparison.Ordinal);
            Assert.Contains("0 and 1", message, StringComparison.Ordinal);
            loss.CheckTargets([1], 1, 17);
            loss.CheckTargets([0], 1, 17);
        }
    }

    [Fact]
    public void CheckTargets_NoDistribution_IsRefusedByTheDivergence()
    {
        void Refused(string part, params float[] targets) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => _divergence.CheckTargets(targets, targets.Length, 17)).Message,
                StringComparison.Ordinal);
        Refused("Row 17 (from 0): target 1 is -0.5", 1.5f, -0.5f);
        Refused("Row 17 (from 0): target 0 is NaN", float.NaN, 1);
        Refused("sum 1.5", 1, 0.5f);
        Refused("sum 0", 0, 0);
        Refused("sum", float.PositiveInfinity, 0);
        _divergence.CheckTargets([0.3333f, 0.3333f, 0.3333f], 3, 17);
    }

    [Fact]
    public void CheckTargets_NoDirection_IsRefusedByTheCosine()
    {
        Assert.Contains("Row 17 (from 0): all targets are 0", Assert.Throws<ArgumentException>(() => _cosine.CheckTargets([0, 0], 2, 17)).Message,
            StringComparison.Ordinal);
        Assert.Contains("Row 17 (from 0): target 1", Assert.Throws<ArgumentException>(() => _cosine.CheckTargets([0, float.NaN], 2, 17)).Message,
            StringComparison.Ordinal);
        _cosine.CheckTargets([0, -1], 2, 17);
    }

    [Fact]
    public void TargetsAreValues_OnlyWhereTheyMayBeStandardized()
    {
        Assert.All((Loss[])[_squared, _huber, new AbsoluteError()], loss => Assert.True(loss.TargetsAreValues));
        Assert.All((Loss[])[_divergence, _cosine, _hinge, new BinaryHinge()], loss => Assert.False(loss.TargetsAreValues));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void LabelSmoothing_OutOfRange_IsRefused(float value)
    {
        Assert.Contains("LabelSmoothing must be in [0, 1)",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { LabelSmoothing = value }).Message, StringComparison.Ordinal);
        Assert.Contains("LabelSmoothing must be in [0, 1)",
            Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidCrossEntropy { LabelSmoothing = value }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Delta_OutOfRange_IsRefused(float value) =>
        Assert.Contains("Delta must be finite and greater than 0", Assert.Throws<ArgumentOutOfRangeException>(() => new HuberLoss { Delta = value })
            .Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-1f)]
    [InlineData(3f)]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void CheckTargets_NoClassIndex_NamesRowValueAndRange(float target)
    {
        string message = Assert.Throws<ArgumentException>(() => _softmax.CheckTargets([target], 3, 17)).Message;
        Assert.Contains("Row 17", message, StringComparison.Ordinal);
        Assert.Contains("0 to 2", message, StringComparison.Ordinal);
        _softmax.CheckTargets([2], 3, 17);
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void CheckTargets_NoProbability_NamesRowValueAndRange(float target)
    {
        string message = Assert.Throws<ArgumentException>(() => _sigmoid.CheckTargets([target], 1, 17)).Message;
        Assert.Contains("Row 17", message, StringComparison.Ordinal);
        Assert.Contains("0 to 1", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void CheckTargets_ValueNotFinite_NamesRowAndTarget(float target)
    {
        string message = Assert.Throws<ArgumentException>(() => _squared.CheckTargets([1, target], 2, 17)).Message;
        Assert.Contains("Row 17 (from 0): target 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckOutputCount_Unsuitable_SaysWhatIsNeeded()
    {
        Assert.Contains("at least 2 outputs", Assert.Throws<ArgumentException>(() => _softmax.CheckOutputCount(1)).Message, StringComparison.Ordinal);
        Assert.Contains("exactly 1 output", Assert.Throws<ArgumentException>(() => _sigmoid.CheckOutputCount(2)).Message, StringComparison.Ordinal);
        Assert.All((Loss[])[_hinge, _squaredHinge, _divergence, _cosine], loss =>
            Assert.Contains($"{loss} needs at least 2 outputs", Assert.Throws<ArgumentException>(() => loss.CheckOutputCount(1)).Message,
                StringComparison.Ordinal));
        Assert.All((Loss[])[new BinaryHinge(), new PerceptronLoss()], loss =>
            Assert.Contains("exactly 1 output", Assert.Throws<ArgumentException>(() => loss.CheckOutputCount(2)).Message, StringComparison.Ordinal));
        _squared.CheckOutputCount(1);
    }

    [Fact]
    public void ToString_AnyLoss_IsItsName() => Assert.Equal("SoftmaxCrossEntropy", _softmax.ToString());

    /// <summary>Of one row of weight 3, whose targets have the units 10 and 100.</summary>
    private static (double Loss, double Metric) Sums(Loss loss, ReadOnlyMatrixSpan logits, ReadOnlyMatrixSpan targets) =>
        (loss.LossSum(logits, targets, [3]), loss.MetricSum(logits, targets, [3], [10, 100]));

    private static ReadOnlyMatrixSpan Row(float[] values) => new(values, 1, values.Length);
}
