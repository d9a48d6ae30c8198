using MlNetMlp.Numerics;

namespace MlNetMlp.Core.Tests;

/// <summary>Statistics and modes of batch normalization; values and gradients are in <see cref="GradientTests"/>.</summary>
public sealed class BatchNormalizationTests : IDisposable
{
    private static readonly float[] _first = [1, 10, 3, 30, 5, 50, 7, 90];
    private static readonly float[] _second = [2, -4, 6, 8];

    private static readonly LayerSettings _settings = new(NetworkPart.Hidden(0), 1, 2, MaximumRows: 4) { Initializer = Initializer.Zero };

    private readonly ThreadTeam _team = new(1);

    public void Dispose() => _team.Dispose();

    [Fact]
    public void Forward_Training_NormalizesWithMeanAndBiasedVarianceOfTheBatch()
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Epsilon = 0.5f });
        float[] output = Forward(layer, parameters, PassMode.Training, _first);

        // Column 0 has mean 4 and biased variance 5.
        Assert.Equal((1 - 4) / Math.Sqrt(5.5), output[0], 1e-6);
        Assert.Equal((7 - 4) / Math.Sqrt(5.5), output[6], 1e-6);
    }

    [Fact]
    public void Forward_TrainingWithRunningAverage_MovesTheStatisticsByTheMomentum()
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Momentum = 0.25f });
        Forward(layer, parameters, PassMode.Training, _first);

        // From mean 0 and variance 1; the batch has mean 4 and unbiased variance 5 * 4 / 3.
        Assert.Equal(0.25 * 4, Statistic(parameters, "Mean")[0], 1e-6);
        Assert.Equal(0.75 + 0.25 * 20 / 3, Statistic(parameters, "Variance")[0], 1e-6);

        Forward(layer, parameters, PassMode.Training, _second);
        Assert.Equal(0.75 * 1 + 0.25 * 4, Statistic(parameters, "Mean")[0], 1e-6);
        Assert.Equal(0.75 * (0.75 + 0.25 * 20 / 3) + 0.25 * 8, Statistic(parameters, "Variance")[0], 1e-5);
    }

    [Fact]
    public void Forward_TrainingWithTrainingSetStatistics_LeavesThemAlone()
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Statistics = BatchStatistics.TrainingSet });
        Forward(layer, parameters, PassMode.Training, _first);
        Assert.Equal([0, 0], Statistic(parameters, "Mean"));
        Assert.Equal([1, 1], Statistic(parameters, "Variance"));
    }

    [Fact]
    public void StoreCollected_BatchesOfDifferentSizes_WeighsThemByTheirRows()
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Statistics = BatchStatistics.TrainingSet });
        for (int pass = 0; pass < 2; pass++)
        {
            // The second time as the first: what was collected before is forgotten.
            layer.StartCollecting();
            Forward(layer, parameters, PassMode.Collecting, _first);
            Forward(layer, parameters, PassMode.Collecting, _second);
            layer.StoreCollected(parameters);
        }

        // Column 1: means 45 of 4 rows and 2 of 2 rows; unbiased variances 3500 / 3 and 72.
        Assert.Equal((4 * 45 + 2 * 2) / 6.0, Statistic(parameters, "Mean")[1], 1e-5);
        Assert.Equal((4 * 3500 / 3.0 + 2 * 72) / 6, Statistic(parameters, "Variance")[1], 1e-3);
    }

    [Fact]
    public void Forward_Weighted_CountsWeightsAsRows()
    {
        // Column 0: 1, 3 and 3, 7 with no weight; mean 7 / 3, squared distances 16 / 9 and twice 4 / 9.
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Momentum = 1, Epsilon = 0.5f });
        float[] output = Forward(layer, parameters, PassMode.Training, [1, 10, 3, 30, 7, 90], [1, 2, 0]);
        Assert.Equal((1 - 7 / 3.0) / Math.Sqrt(8 / 9.0 + 0.5), output[0], 1e-6);
        Assert.Equal((7 - 7 / 3.0) / Math.Sqrt(8 / 9.0 + 0.5), output[4], 1e-6);
        Assert.Equal(7 / 3.0, Statistic(parameters, "Mean")[0], 1e-6);
        Assert.Equal(24 / 9.0 / 2, Statistic(parameters, "Variance")[0], 1e-6);
    }

    [Fact]
    public void StoreCollected_WeightedBatches_WeighsThemByTheirWeights()
    {
        // The second mini-batch has the weights in another unit, of which 4 make a row, and the third has none.
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Statistics = BatchStatistics.TrainingSet });
        layer.StartCollecting();
        Forward(layer, parameters, PassMode.Collecting, [1, 10, 3, 30, 7, 90], [1, 2, 0]);
        Forward(layer, parameters, PassMode.Collecting, _second, [4, 8], weightOfOne: 4);
        Forward(layer, parameters, PassMode.Collecting, _first, [0, 0, 0, 0]);
        layer.StoreCollected(parameters);

        // Column 1: 10, 30 and 30 with squared distances of 800 / 3 in all; -4, 8 and 8 with 96.
        Assert.Equal((10 + 30 + 30 - 4 + 8 + 8) / 6.0, Statistic(parameters, "Mean")[1], 1e-5);
        Assert.Equal((3 * 800 / 3.0 / 2 + 3 * 96 / 2.0) / 6, Statistic(parameters, "Variance")[1], 1e-3);
    }

    [Theory]
    [InlineData(PassMode.Training, 0, 0)]
    [InlineData(PassMode.Training, 3, 0)]
    [InlineData(PassMode.Collecting, 0, 0)]
    [InlineData(PassMode.Collecting, 1, 1e-20)]
    public void Forward_LessThanTwoRowsWithWeight_UsesTheStoredStatisticsAndKeepsThem(object mode, float first, float second)
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Epsilon = 0.5f });
        Statistic(parameters, "Mean")[0] = 3;
        Statistic(parameters, "Variance")[0] = 8.5f;
        float[] output = Forward(layer, parameters, (PassMode)mode, [9, 1, 12, 1], [first, second]);
        Assert.Equal((9 - 3) / 3f, output[0], 1e-6);
        Assert.Equal((12 - 3) / 3f, output[2], 1e-6);
        Assert.Equal([3, 0], Statistic(parameters, "Mean"));
        Assert.Equal([8.5f, 1], Statistic(parameters, "Variance"));
    }

    [Theory]
    [MemberData(nameof(ExampleWeightTests.AcrossRows), MemberType = typeof(ExampleWeightTests))]
    public void Train_MiniBatchesWithoutAnyWeight_LearnsFiniteNumbers(Normalization normalization)
    {
        var rows = new InMemoryRows(2, 1);
        float[] x = new float[2 * 40];
        new SeededRandom(8).FillNormal(x, 0, 1);
        for (int i = 0; i < 40; i++)
        {
            rows.Add(x.AsSpan(2 * i, 2), [x[2 * i] - x[2 * i + 1]], i / 5 % 2);
        }

        var architecture = new MlpArchitecture(2, 1) { HiddenLayers = [new(8) { Normalization = normalization }] };
        var options = new MlpTrainingOptions { NumberOfEpochs = 80, BatchSize = 5, Shuffle = false, LearningRate = 0.02f, NumberOfThreads = 1 };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, new SquaredError(), rows) { Validation = rows, Options = options });
        Assert.All(result.History, report => Assert.True(double.IsFinite(report.TrainingLoss)));
        Assert.True(result.History[^1].ValidationLoss < 0.1, $"The loss is {result.History[^1].ValidationLoss}.");
    }

    [Theory]
    [InlineData(BatchStatistics.RunningAverage)]
    [InlineData(BatchStatistics.TrainingSet)]
    public void Forward_SingleRow_UsesTheStoredStatisticsAndKeepsThem(BatchStatistics statistics)
    {
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Statistics = statistics, Epsilon = 0.5f });
        Statistic(parameters, "Mean")[0] = 3;
        Statistic(parameters, "Variance")[0] = 8.5f;
        layer.StartCollecting();
        Assert.Equal((9 - 3) / 3f, Forward(layer, parameters, PassMode.Training, [9, 1])[0], 1e-6);
        Assert.Equal((9 - 3) / 3f, Forward(layer, parameters, PassMode.Collecting, [9, 1])[0], 1e-6);
        layer.StoreCollected(parameters);
        Assert.Equal([3, 0], Statistic(parameters, "Mean"));
        Assert.Equal([8.5f, 1], Statistic(parameters, "Variance"));
    }

    [Fact]
    public void Forward_LargeMeanAndSmallSpread_KeepsTheDigitsOfTheVariance()
    {
        // The mean of squares minus the square of the mean would be 0 or negative here.
        (BatchNormalizationLayer layer, ParameterVector parameters) = Create(new BatchNormalization { Epsilon = 1e-12f });
        float[] output = Forward(layer, parameters, PassMode.Training, [100_000, 0, 100_001, 0, 100_002, 0]);
        Assert.Equal(-Math.Sqrt(1.5), output[0], 1e-5);
        Assert.Equal(Math.Sqrt(1.5), output[4], 1e-5);

        // The other column does not vary at all.
        Assert.Equal(0, output[1]);
    }

    [Fact]
    public void Train_TrainingSetStatistics_AreThoseOfTheNetworkThatIsReturned()
    {
        const int Rows = 11;
        var architecture = new MlpArchitecture(2, 1)
        {
            HiddenLayers = [new(3) { Activation = Activation.Tanh, Normalization = new BatchNormalization { Statistics = BatchStatistics.TrainingSet } }],
        };
        float[] features = new float[Rows * 2];
        new SeededRandom(1).FillNormal(features, 2, 3);
        var rows = new InMemoryRows(2, 1);
        for (int i = 0; i < Rows; i++)
        {
            rows.Add(features.AsSpan(2 * i, 2), [features[2 * i] - features[2 * i + 1]]);
        }

        var options = new MlpTrainingOptions
        {
            NumberOfEpochs = 3,
            BatchSize = Rows,
            FeatureScaling = FeatureScaling.None,
            NumberOfThreads = 1,
            LearningRate = 0.05f,
        };
        MlpModel model = MlpTrainer.Train(new(architecture, new SquaredError(), rows) { Options = options }).Model;

        ParameterVector parameters = model.RestoreParameters();
        float[] weights = [.. Statistic(parameters, "Hidden1.Weights")];
        for (int j = 0; j < 3; j++)
        {
            double[] sums = [.. Enumerable.Range(0, Rows).Select(i => (double)features[2 * i] * weights[j] + (double)features[2 * i + 1] * weights[3 + j])];
            double mean = sums.Average(), variance = sums.Sum(z => (z - mean) * (z - mean)) / (Rows - 1);
            Assert.Equal(mean, Statistic(parameters, "Mean")[j], 1e-5);
            Assert.Equal(variance, Statistic(parameters, "Variance")[j], 1e-5 * variance);
        }
    }

    [Theory]
    [MemberData(nameof(ExampleWeightTests.AcrossRows), MemberType = typeof(ExampleWeightTests))]
    public void Train_BatchSizeOne_IsRefused(Normalization normalization)
    {
        string message = Assert.Throws<ArgumentException>(() => Train(normalization, 20, batchSize: 1)).Message;
        Assert.StartsWith("BatchSize is 1, but Normalization of hidden layer 2 is " + normalization.GetType().Name, message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ExampleWeightTests.AcrossRows), MemberType = typeof(ExampleWeightTests))]
    public void Train_LessThanTwoRowsWithWeight_IsRefused(Normalization normalization)
    {
        Assert.Contains("Only 1 of 1 training rows", Assert.Throws<ArgumentException>(() => Train(normalization, 1, null)).Message, StringComparison.Ordinal);
        Assert.Contains("Only 1 of 20 training rows",
            Assert.Throws<ArgumentException>(() => Train(normalization, 20, null, row => row == 7 ? 1 : 0)).Message, StringComparison.Ordinal);
        Train(normalization, 2, null);
    }

    /// <summary>A single last row could not be normalized: it joins the mini-batch before, wherever rows are read.</summary>
    [Theory]
    [InlineData(20, 8, 3, 1)]
    [InlineData(17, 8, 2, 1)]
    [InlineData(17, 8, 2, 2)]
    [InlineData(3, 2, 1, 1)]
    [InlineData(9, 9, 1, 1)]
    public void Train_LastRowAlone_JoinsTheMiniBatchBefore(int rows, int batchSize, int steps, int threads)
    {
        // The statistics of batch renormalization count the mini-batches that were normalized.
        ParameterVector parameters = Train(Normalization.BatchRenormalization, rows, batchSize, threads: threads).RestoreParameters();
        Assert.Equal(steps, Statistic(parameters, "Steps")[0]);
    }

    [Fact]
    public void Train_LastRowAloneWithoutNormalization_IsAMiniBatch()
    {
        var steps = new StepCounter();
        Train(null, 17, 8, observer: steps);
        Assert.Equal(3, steps.Count);
    }

    private static MlpModel Train(
        Normalization? normalization, int count, int? batchSize, Func<int, float>? weight = null, int threads = 1, IStepObserver? observer = null)
    {
        var rows = new InMemoryRows(1, 1);
        for (int i = 0; i < count; i++)
        {
            rows.Add([i], [2 * i], weight?.Invoke(i) ?? 1);
        }

        var architecture = new MlpArchitecture(1, 1) { HiddenLayers = [new(4), new(4) { Normalization = normalization }] };
        var options = new MlpTrainingOptions { NumberOfEpochs = 1, BatchSize = batchSize, NumberOfThreads = threads };
        IRowSource source = threads > 1 ? new WindowedRows(rows, 4) : rows;
        return MlpTrainer.Train(new(architecture, new SquaredError(), source) { Options = options, StepObserver = observer }).Model;
    }

    private sealed class StepCounter : IStepObserver
    {
        public long Count { get; private set; }

        public void BeforeUpdate(ParameterVector parameters, long step) => Count = step;

        public void AfterUpdate(ParameterVector parameters)
        {
        }
    }

    [Theory]
    [InlineData(BatchStatistics.RunningAverage, 64)]
    [InlineData(BatchStatistics.TrainingSet, 64)]
    [InlineData(BatchStatistics.RunningAverage, 65)]
    [InlineData(BatchStatistics.TrainingSet, 65)]
    public void Train_LastBatchOfOneOrTwoRows_StillScoresWell(BatchStatistics statistics, int batchSize)
    {
        // 130 rows: a last mini-batch of 2 with 64, none short with 65.
        var rows = new InMemoryRows(2, 1);
        float[] x = new float[2 * 130];
        new SeededRandom(8).FillNormal(x, 0, 1);
        for (int i = 0; i < 130; i++)
        {
            rows.Add(x.AsSpan(2 * i, 2), [x[2 * i] + 0.5f * x[2 * i + 1]]);
        }

        var architecture = new MlpArchitecture(2, 1) { HiddenLayers = [new(8) { Normalization = new BatchNormalization { Statistics = statistics } }] };
        var options = new MlpTrainingOptions { NumberOfEpochs = 60, BatchSize = batchSize, LearningRate = 0.02f, NumberOfThreads = 1 };
        MlpTrainingResult result = MlpTrainer.Train(new(architecture, new SquaredError(), rows) { Validation = rows, Options = options });
        Assert.True(result.History[^1].ValidationLoss < 0.06, $"The loss is {result.History[^1].ValidationLoss}.");
    }

    private static (BatchNormalizationLayer Layer, ParameterVector Parameters) Create(BatchNormalization options)
    {
        var layout = new ParameterLayout();
        var layer = new BatchNormalizationLayer(_settings, options, layout);
        var parameters = new ParameterVector(layout);
        parameters.Initialize(default);
        return (layer, parameters);
    }

    private static Span<float> Statistic(ParameterVector parameters, string name) =>
        parameters.Value(parameters.Layout.Parameters.Single(parameter => parameter.Name.EndsWith(name, StringComparison.Ordinal)));

    private float[] Forward(
        BatchNormalizationLayer layer, ParameterVector parameters, PassMode mode, float[] input, float[]? weights = null, double weightOfOne = 1)
    {
        float[] output = new float[input.Length];
        var pass = new Pass(mode, parameters, _team, new SeededRandom(0)) { RowWeights = weights, WeightOfOne = weightOfOne };
        layer.Forward(pass, new ReadOnlyMatrixSpan(input, input.Length / 2, 2), new MatrixSpan(output, input.Length / 2, 2));
        return output;
    }
}
